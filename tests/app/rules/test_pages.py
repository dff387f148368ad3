"""The editing pages: typed, checked, tried on the past and saved without a script."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access import pages as access_pages
from app.access import staff
from app.access.roles import Role
from app.db.transaction import begin
from app.house import House
from app.http.edge import fit
from app.rules import pages
from app.rules.grid import changed, grid_of
from app.rules.markdown import requirements
from app.rules.rule import ask, publish, save
from app.rules.sheet import write_sheet
from tests.app.rules.tables import REFUND
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop

SAME = {"sec-fetch-site": "same-origin", "accept": "text/html", "accept-language": "en"}
LEAD, PASSWORD = "lea@shop.example", "a long enough password"
SHEET = write_sheet(REFUND)


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    with begin(shop.engine) as tx:
        staff.put(tx, email=LEAD, name="Lea", password=PASSWORD, role=Role.LEAD)
    app, settings = FastAPI(), settings_of(shop)
    app.state.house = House(settings=settings, engine=shop.engine, clock=shop.clock, channels={})
    for router in (access_pages.router, pages.router):
        app.include_router(router)
    fit(app, settings)
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        csrf = token_of(opened.get("/login").text)
        opened.post("/login", data={"email": LEAD, "password": PASSWORD, "csrf": csrf})
        yield opened


def token_of(html: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def form(html: str, **more: str) -> dict[str, str | list[str]]:
    """Read the editing form as a browser would send it."""
    head = re.search(r'<textarea name="head"[^>]*>(.*?)</textarea>', html, re.DOTALL)
    assert head is not None

    def cells(name: str) -> list[str]:
        return re.findall(rf'<input name="{name}" value="([^"]*)"', html)

    lines = head[1].replace("&gt;", ">").replace("&#34;", '"').replace("&lt;", "<")
    typed = [cell.replace("&gt;", ">").replace("&lt;", "<") for cell in cells("cell")]
    sent = {"csrf": token_of(html), "head": lines, "cell": typed, "example": cells("example")}
    return sent | more


def kept(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        saved = save(tx, SHEET, by="lea", why="test", now=MORNING)
        publish(tx, saved.name, saved.version)


def test_a_table_is_edited_checked_and_saved_as_the_next_version(
    client: TestClient, shop: Shop
) -> None:
    kept(shop)
    sent = form(client.get("/rules/refund/edit").text)
    sent["cell"] = [cell.replace("5000", "800") for cell in sent["cell"]]

    checked = client.post("/rules/edit", data=sent | {"do": "check"})
    assert "Sound" in checked.text
    saved = client.post("/rules/edit", data=sent | {"do": "save", "why": "smaller sums"})

    assert saved.headers["location"] == "/rules/refund?version=2"
    page = client.get("/rules/refund").text
    assert "smaller sums" in page
    assert "Version 1 rules" in page

    csrf = token_of(page)
    client.post("/rules/refund/publish", data={"csrf": csrf, "version": "2"})
    assert "Version 2 rules" in client.get("/rules/refund").text


def test_a_gap_is_shown_and_not_saved(client: TestClient, shop: Shop) -> None:
    kept(shop)
    sent = form(client.get("/rules/refund/edit").text)

    removed = client.post("/rules/edit", data=sent | {"do": "remove:4"})
    refused = client.post(
        "/rules/edit", data=form(removed.text) | {"do": "save", "why": "by mistake"}
    )

    assert refused.status_code == 422
    assert "Gap:" in refused.text
    assert client.get("/rules/refund?version=2").status_code == 404


def test_a_save_without_a_reason_only_checks(client: TestClient, shop: Shop) -> None:
    kept(shop)
    sent = form(client.get("/rules/refund/edit").text)

    assert client.post("/rules/edit", data=sent | {"do": "save", "why": " "}).status_code == 200
    assert client.get("/rules/refund?version=2").status_code == 404


def test_a_change_is_tried_on_what_was_asked_before(client: TestClient, shop: Shop) -> None:
    kept(shop)
    with begin(shop.engine) as tx:
        given = {"amount": 2_000, "tier": "plain", "opened": True}
        ask(tx, "refund", given, about="ord_example", now=MORNING)
    sent = form(client.get("/rules/refund/edit").text)
    sent["cell"] = [cell.replace("5000", "800") for cell in sent["cell"]]

    assert "ord_example" in client.post("/rules/edit", data=sent | {"do": "try"}).text


def test_a_sheet_comes_in_and_goes_out(client: TestClient, shop: Shop) -> None:
    csrf = token_of(client.get("/rules/new").text)

    laid_out = client.post("/rules/new", data={"csrf": csrf, "sheet": SHEET})
    client.post("/rules/edit", data=form(laid_out.text) | {"do": "save", "why": "from a sheet"})

    assert client.get("/rules/refund/sheet.csv").text == SHEET
    assert "| 1 | < 5000 |" in client.get("/rules/refund/page.md").text


def test_what_is_no_sheet_is_refused_and_stays_in_the_box(client: TestClient) -> None:
    csrf = token_of(client.get("/rules/new").text)

    refused = client.post("/rules/new", data={"csrf": csrf, "sheet": "amount;tier"})

    assert refused.status_code == 422
    assert "amount;tier" in refused.text
    assert "line 1" in refused.text


def test_the_page_of_requirements_names_what_is_left_open_in_both_languages() -> None:
    assert "| 4 | >= 5000 | not gold | yes | ask |" in requirements(REFUND, "en")
    assert "每种情况都有结果" in requirements(REFUND, "zh")


@pytest.mark.parametrize(
    ("do", "order"),
    [
        ("up:2", "2134"),
        ("down:2", "1324"),
        ("up:1", "1234"),
        ("down:4", "1234"),
        ("remove:3", "124"),
        ("remove:9", "1234"),
        ("forget:1", "1234"),
        ("nonsense", "1234"),
    ],
)
def test_rows_move_and_go_by_buttons(do: str, order: str) -> None:
    before = grid_of(REFUND)
    place = {line: str(number) for number, line in enumerate(before.rows, 1)}

    assert "".join(place[line] for line in changed(before, do).rows) == order
