"""The command line: what it says and the code it ends with."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.access.keys import KeyRing
from app.access.passwords import is_right
from app.access.store import staff_by_email
from app.db.transaction import begin
from app.entry.cli.commands import run
from app.settings import Settings, env_name
from tests.buying import MUG, fill
from tests.shop import Shop

ROOT = Path(__file__).parents[3]
SECRET = "k" * 32

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Cli:
    """Run a command in this process; returns code, output and complaints."""
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ORDERBELL_HOME", str(tmp_path / "home"))

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["orderbell", *arguments])
        try:
            code = run()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def shop_cli(cli: Cli, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The same, on a shop's engines."""
    monkeypatch.setenv("DATABASE_URL", shop.url)
    monkeypatch.setenv("REDIS_URL", shop.valkey_url)
    return cli


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["wrk"], "worker"),
        (["migrat"], "migrate"),
        (["config", "chekc"], "check"),
        (["demo", "--no-brwser"], "--no-browser"),
        (["migrate", "--chek"], "--check"),
    ],
)
def test_what_is_mistyped_is_answered_with_the_nearest_name_and_2(
    cli: Cli, typed: list[str], meant: str
):
    code, _, complaint = cli(*typed)

    assert code == 2
    assert meant in complaint


def test_engines_that_do_not_answer_are_one_line_with_host_and_port_and_69(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "app.entry.cli", "books"],
        cwd=ROOT,
        env={"DATABASE_URL": "postgresql://127.0.0.1:1/shop", "REDIS_URL": "redis://127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 69
    assert done.stderr == "orderbell: cannot reach PostgreSQL at 127.0.0.1:1 (refused)\n"


def test_a_wrong_setting_ends_with_78(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERBELL_PORT", "many")

    code, _, complaint = cli("config", "show")

    assert code == 78
    assert "orderbell: ORDERBELL_PORT: 'many'" in complaint


def test_the_default_secret_in_production_ends_with_78(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERBELL_MODE", "production")

    code, _, complaint = cli("serve")

    assert code == 78
    assert "ORDERBELL_SECRET_KEY" in complaint


def test_config_show_masks_secrets(cli: Cli, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERBELL_SECRET_KEY", SECRET)
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:hunter2@db.example/shop")

    code, out, _ = cli("config", "show", "--json")

    assert code == 0
    assert SECRET not in out
    assert "hunter2" not in out
    assert set(json.loads(out)) == {env_name(name) for name in Settings.model_fields}


def test_config_docs_lists_every_setting(cli: Cli):
    _, out, _ = cli("config", "docs")

    assert all(f"`{env_name(name)}`" in out for name in Settings.model_fields)


def test_config_check_adds_up_the_connections(shop_cli: Cli):
    code, out, _ = shop_cli("config", "check")

    assert code == 0
    assert "connections together" in out
    assert out.endswith("the settings are right\n")


def test_config_check_refuses_more_connections_than_there_are(
    shop_cli: Cli, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ORDERBELL_WEB_PROCESSES", "60")

    code, out, _ = shop_cli("config", "check")

    assert code == 1
    assert "too many" in out


def test_config_check_names_a_misspelt_setting(shop_cli: Cli, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERBELL_PROT", "80")

    assert "did you mean ORDERBELL_PORT?" in shop_cli("config", "check")[1]


def test_migrate_check_says_how_the_database_stands(shop_cli: Cli):
    code, out, _ = shop_cli("migrate", "--check")

    assert code == 0
    assert "as the code needs" in out


def test_the_books_of_an_empty_shop_balance(shop_cli: Cli):
    code, out, _ = shop_cli("books", "--json")

    assert code == 0
    assert all(json.loads(out).values())


def test_an_order_that_is_not_there_is_one_line_and_65(shop_cli: Cli):
    code, _, complaint = shop_cli("trace", "ord_00000000000000000000000000")

    assert code == 65
    assert complaint.startswith("orderbell: no order")


def test_an_unknown_bench_is_refused_with_those_there_are(cli: Cli):
    code, _, complaint = cli("bench", "parcels")

    assert code == 2
    assert "orders" in complaint


def test_the_command_line_starts_without_what_it_does_not_need():
    forbidden = "{'pandas', 'sklearn', 'numpy', 'sqlalchemy', 'fastapi', 'celery', 'pydantic'}"
    code = f"import sys, app.entry.cli.commands; print(sorted({forbidden} & set(sys.modules)))"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
    assert time.monotonic() - began < 5


def test_a_member_of_staff_gets_a_password_that_opens_the_door(shop_cli: Cli, shop: Shop):
    code, out, _ = shop_cli("staff", "ana@shop.example", "--role", "operator")

    assert code == 0
    with begin(shop.engine) as tx:
        member = staff_by_email(tx, "ana@shop.example")
    assert member is not None
    assert is_right(member.password_hash, out.strip())


def test_a_key_may_do_what_it_was_made_for(shop_cli: Cli, shop: Shop):
    code, out, _ = shop_cli("key", "till", "--scope", "orders:write", "--live")

    caller = KeyRing(shop.engine).look_up(out.strip())

    assert code == 0
    assert caller is not None
    assert caller.scopes == {"orders:write"}
    assert caller.live


@pytest.mark.parametrize(
    "typed", [["staff", "ana@shop.example", "--role", "king"], ["key", "till", "--scope", "rule"]]
)
def test_a_role_or_scope_that_does_not_exist_is_refused_with_those_there_are(
    cli: Cli, typed: list[str]
):
    code, _, complaint = cli(*typed)

    assert code == 2
    assert "operator" in complaint or "orders:write" in complaint


def test_stock_rebuild_names_levels_that_drifted_and_sets_them_right_when_told(
    shop_cli: Cli, shop: Shop
):
    with begin(shop.engine) as tx:
        fill(tx, {MUG: 5})
        tx.execute(text("UPDATE level SET on_hand = 4"))

    named, *_ = shop_cli("stock", "rebuild")
    code, out, _ = shop_cli("stock", "rebuild", "--apply")
    again, said, _ = shop_cli("stock", "rebuild")

    assert (named, code, again) == (1, 0, 0)
    assert "MUG main: on hand 4 -> 5, reserved 0 -> 0, short 0 -> 0" in out
    assert said == "every level is what explains it\n"


def test_what_is_old_is_shown_month_by_month_and_dropped_when_asked(
    shop_cli: Cli, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        tx.execute(text("SELECT make_partition('message', '2024-01-01')"))

    code, out, _ = shop_cli("retention")
    assert (code, "message_202401" in out, "goes" in out) == (0, True, True)

    code, out, _ = shop_cli("retention", "--drop")
    assert (code, "dropped" in out) == (0, True)
    assert "message_202401" not in shop_cli("retention")[1]
