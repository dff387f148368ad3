"""The API's page says all that its description says."""

import json
import re

import pytest

from app.http.problems import TABLE
from app.ops.docs import Operation, sections
from app.ops.docs_pages import codes
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop


@pytest.fixture
def operations(shop: Shop) -> list[Operation]:
    """Every operation of the product."""
    api = pages_app(shop.engine, shop.clock, settings_of(shop)).openapi()
    found = sections(api, base_url="https://shop.example")
    return [operation for section in found for operation in section.operations]


def test_every_operation_has_a_title_statuses_and_a_curl_with_readable_json(
    operations: list[Operation],
) -> None:
    assert len(operations) > 15
    for one in operations:
        assert one.title, one.path
        assert one.statuses, one.path
        assert f"https://shop.example{one.path}" in one.curl
        body = re.search(r"-d '(.*)'", one.curl, re.DOTALL)
        if body:
            json.loads(body[1])


def test_fields_inside_lists_and_objects_are_named_with_their_path(
    operations: list[Operation],
) -> None:
    place = next(one for one in operations if (one.method, one.path) == ("POST", "/v1/orders"))

    assert {"person", "lines", "lines[].sku", "lines[].quantity"} <= {f.name for f in place.fields}


def test_every_code_of_the_table_is_explained() -> None:
    assert {rule.code for rule in TABLE.values()} <= set(codes())
