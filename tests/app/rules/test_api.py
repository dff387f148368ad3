"""Decision tables over HTTP: kept, published, asked, each with its own scope."""

from collections.abc import Iterator

import pytest

from app.access.store import latest_audit
from app.db.transaction import begin
from app.rules import api
from app.rules.sheet import write_sheet
from tests.app.rules.tables import REFUND
from tests.doors import Doors, open_doors
from tests.shop import Shop

SHEET = write_sheet(REFUND)
GIVEN = {"amount": 4_000, "tier": "gold", "opened": False}


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, api.router) as opened:
        yield opened


def keep(doors: Doors, sheet: str = SHEET) -> int:
    said = doors.call("POST", "/v1/rules", {"sheet": sheet, "why": "test"})
    return int(said.json()["version"])


def test_a_kept_table_rules_once_published_and_answers_with_its_rows(doors: Doors) -> None:
    version = keep(doors)
    asking = {"given": GIVEN, "about": "ord_1"}
    assert doors.refusal("POST", "/v1/rules/refund/ask", asking) == (404, "not_found")

    doors.call("POST", "/v1/rules/refund/publish", {"version": version})

    said = doors.call("POST", "/v1/rules/refund/ask", asking).json()
    assert said == {"rows": [1], "answers": [{"action": "approve"}]}
    with begin(doors.shop.engine) as tx:
        assert [one.action for one in latest_audit(tx, at_most=5)] == ["rules.publish"]
    assert doors.call("GET", "/v1/rules/refund/sheet").text.splitlines() == SHEET.splitlines()


def test_versions_stay_and_the_list_names_which_one_rules(doors: Doors) -> None:
    keep(doors)
    keep(doors, SHEET.replace("5000", "900"))
    doors.call("POST", "/v1/rules/refund/publish", {"version": 1})

    [listed] = doors.get("/v1/rules")["data"]
    versions = doors.get("/v1/rules/refund")["data"]

    assert listed == {"name": "refund", "live_version": 1, "newest_version": 2}
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[1]["sheet"].splitlines() == SHEET.splitlines()


@pytest.mark.parametrize(
    ("method", "path", "body", "refused"),
    [
        ("POST", "/v1/rules", {"sheet": "a,b", "why": "test"}, (422, "bad_table")),
        (
            "POST",
            "/v1/rules",
            {"sheet": SHEET.replace(">= 5000", "> 5000"), "why": "test"},
            (422, "faulty_table"),
        ),
        ("POST", "/v1/rules", {"sheet": SHEET}, (422, "missing_field")),
        ("POST", "/v1/rules/nothing/publish", {"version": 1}, (404, "not_found")),
        ("GET", "/v1/rules/nothing", None, (404, "not_found")),
        ("GET", "/v1/rules/nothing/sheet", None, (404, "not_found")),
    ],
)
def test_what_cannot_be_kept_or_found_is_refused_by_name(
    doors: Doors, method: str, path: str, body: object, refused: tuple[int, str]
) -> None:
    assert doors.refusal(method, path, body) == refused


def test_a_question_lacking_an_input_is_refused_by_name(doors: Doors) -> None:
    doors.call("POST", "/v1/rules/refund/publish", {"version": keep(doors)})

    asking = {"given": {"amount": 1}, "about": "ord_1"}

    assert doors.refusal("POST", "/v1/rules/refund/ask", asking) == (422, "missing_input")


def test_reading_does_not_allow_writing(shop: Shop) -> None:
    with open_doors(shop, api.router, scopes=["rules:read"]) as reader:
        wanted = {"sheet": SHEET, "why": "test"}
        assert reader.refusal("POST", "/v1/rules", wanted) == (403, "missing_scope")
