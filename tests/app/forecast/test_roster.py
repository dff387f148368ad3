"""The roster at its doors: files in and out over the API and on the page, all or nothing."""

import csv
import html
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.forecast import plan_store, roster_store
from app.forecast.api import router
from app.forecast.roster import by_halves
from app.forecast.roster_api import router as roster_router
from ml.load.slots import SLOT
from tests.app.forecast.history import HOUR, TONIGHT
from tests.app.forecast.test_pages import lead, plan_for, token_of
from tests.buying import rows
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

__all__ = ["lead"]  # a fixture
PAGE = "/desk/forecast/roster"
CSV = {"content-type": "text/csv"}
FILE = "日期,开始,结束,人数\n2026-03-02,20:00,24:00,6\n2026-03-02,22:30,23:00,2\n"


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router, roster_router) as opened:
        yield opened


def put(doors: Doors, content: bytes, **headers: str) -> tuple[int, dict[str, object]]:
    reply = doors.client.request(
        "PUT", "/v1/forecast/roster.csv", content=content, headers={**CSV, **headers}
    )
    return reply.status_code, reply.json()


def known(shop: Shop) -> dict[str, int]:
    with begin(shop.engine) as tx:
        read = roster_store.read(tx, since=MORNING - 24 * HOUR, until=MORNING + 48 * HOUR)
    return {f"{slot:%H:%M}": people for slot, people in read.items()}


def text_of(page: str) -> str:
    """Return what a person reads of a page, blanks as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_file_is_taken_over_the_api_whole(doors: Doors, shop: Shop) -> None:
    assert put(doors, FILE.encode("gb18030")) == (200, {"rows": 2, "slots": 8, "changed": 8})
    assert known(shop)["14:30"] == 8
    assert put(doors, FILE.encode())[1]["changed"] == 0


def test_of_a_file_with_a_wrong_row_nothing_is_taken(doors: Doors, shop: Shop) -> None:
    status, problem = put(doors, f"{FILE}2026-03-03,9,18:00,1\n".encode())

    assert (status, problem["code"]) == (422, "bad_roster")
    assert problem["errors"] == [
        {
            "in": "body",
            "pointer": "/4/from",
            "code": "bad_time",
            "detail": "line 4: is no time of the clock; write it as 09:00 or 17:30; 24:00 only ends"
            " a day",
        }
    ]
    assert known(shop) == {}


def test_only_a_file_goes_through_the_door_of_files(doors: Doors) -> None:
    status, problem = put(doors, b"[]", **{"content-type": "application/json"})

    assert (status, problem["code"]) == (415, "wrong_content_type")


def test_what_is_taken_out_goes_in_without_a_change(doors: Doors, shop: Shop) -> None:
    put(doors, FILE.encode())
    sheet = doors.client.get("/v1/forecast/roster.csv").content
    slots = doors.get("/v1/forecast/roster")["slots"]

    assert put(doors, sheet)[1] == {"rows": 3, "slots": 8, "changed": 0}
    assert slots[0] == {"from": "2026-03-02T12:00:00Z", "people": 6}
    assert doors.call("PUT", "/v1/forecast/roster", {"slots": slots}).json()["slots"] == 8
    assert known(shop)["14:30"] == 8
    backwards = "/v1/forecast/roster?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"
    assert doors.refusal("GET", backwards, None) == (422, "bad_range")


def test_half_hours_count_before_the_hour_they_lie_in(doors: Doors, shop: Shop) -> None:
    body = {
        "slots": [{"from": "2026-03-02T12:30:00Z", "people": 9}],
        "hours": [{"hour": "2026-03-02T12:00:00Z", "people": 6}],
    }
    doors.call("PUT", "/v1/forecast/roster", body)

    assert known(shop) == {"12:00": 6, "12:30": 9}
    assert doors.refusal("PUT", "/v1/forecast/roster", {})[1] == "too_few"
    quarter = {"slots": [{"from": "2026-03-02T12:15:00Z", "people": 9}]}
    assert doors.refusal("PUT", "/v1/forecast/roster", quarter)[1] == "not_whole_slot"


def test_the_plan_stands_beside_the_half_hour_of_the_roster(shop: Shop) -> None:
    plan_for(shop, rostered=2)
    with begin(shop.engine) as tx:
        roster_store.put(tx, {TONIGHT.starts_at + SLOT: 5})
        found = plan_store.plan(tx, since=TONIGHT.starts_at, until=TONIGHT.starts_at + 2 * SLOT)

    assert [one.people_rostered for one in found] == [2, 5]


def bring_in(lead: TestClient, content: bytes, **fields: str) -> tuple[int, str]:
    csrf = token_of(lead.get(PAGE).text)
    reply = lead.post(PAGE, data={"csrf": csrf, **fields}, files={"file": ("r.csv", content)})
    return reply.status_code, reply.text


def taken_over(lead: TestClient, page: str) -> str:
    [sheet] = re.findall(r'<textarea name="sheet" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    told = {"csrf": token_of(page), "sheet": html.unescape(sheet)}
    reply = lead.post(f"{PAGE}/take", data=told, files={"none": b""})
    assert reply.status_code == 303
    return lead.get(reply.headers["location"]).text


def test_a_lead_sees_what_a_file_changes_before_it_counts(lead: TestClient, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        roster_store.put(tx, by_halves({TONIGHT.starts_at: 6, TONIGHT.starts_at + HOUR: 3}))
    status, page = bring_in(lead, FILE.encode())

    assert status == 200
    said = text_of(page)
    assert "2 rows, 8 half hours; 6 of them change. People-hours there: 9, then 25." in said
    assert "22:30–23:00" in said
    assert len(known(shop)) == 4
    assert "Taken over: 6 half hours have a new number." in taken_over(lead, page)
    assert known(shop)["14:30"] == 8
    with begin(shop.engine) as tx:
        assert rows(tx, "audit", "action = 'roster.take'") == 1


def test_a_wrong_row_is_shown_with_its_line_its_fault_and_what_mends_it(
    lead: TestClient, shop: Shop
) -> None:
    status, page = bring_in(lead, b"date,from,to,people\n2026-03-02,20:00,<b>,6\n")

    assert status == 422
    assert "Line 2 to &lt;b&gt; is no time of the clock write it as 09:00" in text_of(page)
    assert 'name="sheet"' not in page
    assert known(shop) == {}


def test_rows_can_be_pasted_and_come_back_to_be_mended(lead: TestClient) -> None:
    status, page = bring_in(lead, b"", text="date\tfrom\tto\tpeople\n2026-03-02\t20:00\tx\t6")

    assert status == 422
    assert "2026-03-02\t20:00\tx\t6</textarea>" in page
    assert bring_in(lead, b"", text="date\tfrom\tto\tpeople\n2026-03-02\t20:00\t21:00\t6")[0] == 200


def test_what_was_tampered_with_is_not_taken(lead: TestClient, shop: Shop) -> None:
    told = {"csrf": token_of(lead.get(PAGE).text), "sheet": "date,from,to,people\n1,2,3,4"}

    assert lead.post(f"{PAGE}/take", data=told).status_code == 422
    assert known(shop) == {}


def test_who_is_needed_comes_as_a_file_to_fill_in(lead: TestClient, shop: Shop) -> None:
    plan_for(shop, rostered=None)
    answer = lead.get("/desk/forecast/roster.csv?what=needed&lang=zh")
    found = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))

    assert list(found[0]) == ["日期", "开始", "结束", "人数"]
    assert 'filename="people-needed.csv"' in answer.headers["content-disposition"]
    taken_over(lead, bring_in(lead, answer.content)[1])
    with begin(shop.engine) as tx:
        planned = plan_store.plan(tx, since=MORNING, until=MORNING + 168 * HOUR)
    assert all(one.people_rostered == one.people_needed for one in planned)
    out = lead.get("/desk/forecast/roster.csv").content
    assert "Nothing changes" in text_of(bring_in(lead, out)[1])


def test_both_languages_say_it(lead: TestClient) -> None:
    page = lead.get(f"{PAGE}?lang=zh").text

    assert "从今天起还没有任何排班" in page
    assert "日期,开始,结束,人数" in page
