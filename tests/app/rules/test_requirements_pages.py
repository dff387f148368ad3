"""The pages of requirements and of rulings, without a script; and the command that exports them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.db.transaction import begin
from app.entry.cli.commands import app as commands
from app.rules import standard, store
from app.rules.rule import ask, ask_many
from app.rules.sheet import read_sheet
from tests.app.rules.test_pages import client, form, token_of
from tests.shop import MORNING, Shop

__all__ = ["client"]  # a fixture
RESTOCK = {"condition": "unopened", "reason": "changed_mind"}


def asked(shop: Shop, count: int) -> None:
    with begin(shop.engine) as tx:
        for n in range(count):  # one after the other: the log is in the order of asking
            ask(tx, "return_restock", RESTOCK, about=f"ord_{n:03}", now=MORNING + timedelta(n))


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "What may follow what"), ("zh", "状态如何变化")]
)
def test_the_page_shows_tables_machines_and_the_matrix(
    client: TestClient, locale: str, words: str
) -> None:
    page = client.get(f"/rules/requirements?lang={locale}").text

    assert words in page
    assert all(f'id="table-{name}"' in page for name in standard.names())
    assert page.count('<svg role="img"') == 6
    assert "orders:write" in page


@pytest.mark.parametrize(("locale", "words"), [("en", "# What this house"), ("zh", "# 本系统")])
def test_the_page_is_taken_away_in_either_language(
    client: TestClient, locale: str, words: str
) -> None:
    reply = client.get(f"/rules/requirements.md?language={locale}")

    assert reply.text.startswith(words)
    assert f"requirements.{locale}.md" in reply.headers["content-disposition"]


def test_a_table_nobody_asked_yet_is_shown_and_edited_from_what_the_product_brings(
    client: TestClient, shop: Shop
) -> None:
    assert "comes with the product" in client.get("/rules").text
    assert "comes with the product" in client.get("/rules/return_restock").text
    assert client.get("/rules/return_restock/sheet.csv").text == standard.sheet_of("return_restock")
    editor = client.get("/rules/return_restock/edit").text

    typed = form(editor, do="save", why="our own", csrf=token_of(editor))
    saved = client.post("/rules/edit", data=typed)

    assert saved.headers["location"] == "/rules/return_restock?version=1"
    with begin(shop.engine) as tx:
        assert [one.saved_by for one in store.versions(tx, "return_restock")] != ["orderbell"]


def test_the_log_leads_to_the_orders_and_page_by_page_to_the_first_ruling(
    client: TestClient, shop: Shop
) -> None:
    asked(shop, 120)
    seen: list[str] = []
    address: str | None = "/rules/return_restock/log"
    while address:
        page = client.get(address).text
        seen += re.findall(r'href="/ops/orders/(ord_\d+)"', page)
        older = re.search(r'href="(/rules/return_restock/log\?before=[0-9a-f-]+)"', page)
        address = older[1] if older else None

    assert seen == [f"ord_{n:03}" for n in reversed(range(120))]


def test_everything_is_asked_again_and_what_differs_is_named(
    client: TestClient, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        ask_many(tx, "return_restock", [(f"ord_{n}", RESTOCK) for n in range(10)], now=MORNING)
    assert "10 asked again, 100 % the same" in client.get("/rules/return_restock/log?again=1").text

    with begin(shop.engine) as tx:
        tx.execute(text("UPDATE ruling SET rows = '[3]' WHERE about = 'ord_4'"))

    page = client.get("/rules/return_restock/log?again=1").text
    assert "10 asked again, 90 % the same" in page
    assert "These came out otherwise" in page


@pytest.mark.parametrize("path", ["/rules/nobody/log", "/rules/nobody", "/rules/..%2Fx/log"])
def test_a_table_nobody_knows_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_pages_ask_for_a_login(client: TestClient) -> None:
    client.cookies.clear()

    for path in ("requirements", "requirements.md", "return_restock/log"):
        assert client.get(f"/rules/{path}").status_code in {303, 401}


@pytest.fixture
def folder(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", shop.url)
    monkeypatch.setenv("REDIS_URL", shop.valkey_url)
    monkeypatch.setenv("ORDERBELL_MODE", "test")
    return tmp_path / "out"


def test_the_command_writes_the_page_in_both_languages_and_every_table(folder: Path) -> None:
    done = CliRunner().invoke(commands, ["rules", "export", str(folder)])

    assert done.exit_code == 0, done.output
    names = {path.name for path in folder.iterdir()}
    assert names == {"requirements.zh.md", "requirements.en.md"} | {
        f"{name}.csv" for name in standard.names()
    }
    kept = read_sheet((folder / "order_short.csv").read_text(encoding="utf-8"))
    assert kept == read_sheet(standard.sheet_of("order_short") or "")
