"""`./orderbell replay`: a file in, figures out."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.db.transaction import begin
from app.entry.cli.commands import run
from app.messages.tables import captured
from tests.served import free_port
from tests.shop import Shop

HEADER = "order,customer,placed_at,paid_at,currency,total,email\n"
GOOD = (
    "R{0},c-{0},2026-02-0{0}T09:00:00+08:00,2026-02-0{0}T09:05:00+08:00"
    ",CNY,{0}.50,c{0}@mail.example\n"
)
BAD = "R9,c-9,yesterday,,CNY,1,\n"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def orders_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(GOOD.format(n) for n in (1, 2, 3)) + BAD)
    return path


@pytest.fixture
def replay(
    shop: Shop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Call:
    """Run the command on a shop's engines; returns code, output and complaints."""
    for name, value in {
        "DATABASE_URL": shop.url,
        "REDIS_URL": shop.valkey_url,
        "BROKER_URL": shop.broker_url,
        "ORDERBELL_HOME": str(tmp_path / "home"),
        "ORDERBELL_MODE": "test",
        "ORDERBELL_SMTP_PORT": str(free_port()),
    }.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["orderbell", "replay", *arguments])
        try:
            code = run()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def letters(shop: Shop) -> int:
    with begin(shop.engine) as tx:
        return tx.scalar(select(func.count()).select_from(captured)) or 0


def test_a_file_comes_in_silently_and_says_what_it_kept_aside(
    replay: Call, shop: Shop, orders_file: Path
) -> None:
    code, out, err = replay(str(orders_file))

    assert code == 0, err
    assert "orders 3  moves 6  known already 0  kept aside 1" in out
    assert "kept aside: line 5: placed_at must be an RFC 3339 time" in out
    assert "no message was sent" in out
    assert letters(shop) == 0


def test_with_notify_every_time_is_told_once_and_a_second_run_tells_nothing(
    replay: Call, shop: Shop, orders_file: Path
) -> None:
    code, out, err = replay(str(orders_file), "--notify", "yes", "--json")
    _, again, _ = replay(str(orders_file), "--notify", "yes", "--json")

    assert code == 0, err
    first, second = json.loads(out), json.loads(again)
    assert (first["orders"], first["moves"], first["aside"]) == (3, 6, 1)
    assert first["messages"] == {
        f"{notice} {channel} sent": 3
        for notice in ("order_paid", "order_placed")
        for channel in ("email", "inapp")
    }
    assert second["messages"] == first["messages"]
    assert (second["moves"], second["skipped"]) == (0, 5)
    assert letters(shop) == 6


def test_a_paced_replay_goes_as_fast_as_it_is_told(
    replay: Call, shop: Shop, orders_file: Path
) -> None:
    _, out, _ = replay(str(orders_file), "--speed", "1e9", "--json")

    assert json.loads(out)["moves"] == 6


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--speed", "fast"], "--speed is max or a number above 0"),
        (["--speed", "0"], "--speed is max or a number above 0"),
        (["--notify", "maybe"], "notify is never, yes, or a time"),
    ],
)
def test_a_wish_that_makes_no_sense_is_told_so(
    replay: Call, orders_file: Path, arguments: list[str], says: str
) -> None:
    code, _, err = replay(str(orders_file), *arguments)

    assert code != 0
    assert says in " ".join(err.replace("│", " ").split())


def test_a_file_that_cannot_be_read_is_one_line_and_no_traceback(
    replay: Call, tmp_path: Path
) -> None:
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04rest")

    code, _, err = replay(str(tmp_path / "book.csv"))

    assert (code, "Traceback" in err) == (65, False)
    assert "this is an Excel workbook (.xlsx) or zip archive, not CSV" in err
