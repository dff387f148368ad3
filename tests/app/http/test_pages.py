"""What every page has: a language, a look, an address to pass on, and tables that run nothing."""

import csv
import io
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.http.table import csv_answer
from tests.pages_app import pages_app, settings_of
from tests.shop import Shop

HTML = {"accept": "text/html"}


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=HTML) as opened:
        yield opened


def test_the_look_is_the_machines_until_somebody_chooses_and_then_theirs(
    client: TestClient,
) -> None:
    assert "data-theme" not in client.get("/docs").text
    assert 'data-theme="dark"' in client.get("/docs?theme=dark").text
    assert 'data-theme="dark"' in client.get("/docs").text
    assert 'data-theme="light"' in client.get("/docs?theme=light").text
    assert "data-theme" not in client.get("/docs?theme=system").text


def test_a_look_that_is_none_changes_nothing(client: TestClient) -> None:
    answer = client.get('/docs?theme="><script>')

    assert "data-theme" not in answer.text
    assert "ob_theme" not in answer.cookies


def test_the_link_to_pass_on_carries_the_filters_and_neither_look_nor_language(
    client: TestClient,
) -> None:
    page = client.get("/docs?lang=en&theme=dark&q=a%26b").text

    assert 'href="/docs?q=a%26b&amp;lang=zh"' in page
    assert 'href="/docs?q=a%26b&amp;theme=light"' in page


def test_a_table_is_read_back_as_it_was_and_runs_no_formula() -> None:
    answer = csv_answer("t", ("a", "b"), [("订单, 一\n行", None), ("=1+1", 2), ("-5", "+x")])
    text = bytes(answer.body).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text))) == [
        ["a", "b"],
        ["订单, 一\n行", ""],
        ["'=1+1", "2"],
        ["'-5", "'+x"],
    ]
    assert answer.headers["content-disposition"] == 'attachment; filename="t.csv"'
