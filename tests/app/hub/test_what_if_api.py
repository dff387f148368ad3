"""What-if questions over HTTP: bounded, counted whole, and nobody is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.transaction import begin
from app.entry.cli.what_if import in_parts
from app.hub import what_if_api
from app.hub.tables import pressure, told, verdict
from app.hub.what_if_store import Stretch
from app.hub.worlds import Change
from app.messages.tables import message
from tests.app.hub.stage import enter, tell, wish
from tests.cast import ANA, BEN, CHIYO
from tests.doors import Doors, open_doors
from tests.shop import Shop


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    """A shop that made six offers and told of a payment, within the last day."""
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        enter(tx, ANA, BEN, CHIYO)
        for number in range(3):
            at = now - timedelta(hours=4 - number)
            offers = [
                wish(who, "announcement", dispatch=str(number), at=at) for who in (ANA, CHIYO)
            ]
            tell(tx, *offers, now=at)
        tell(tx, wish(BEN, at=now - timedelta(hours=1)), now=now)
    with open_doors(shop, what_if_api.router) as opened:
        yield opened


def ask(doors: Doors, **said: Any) -> Any:
    reply = doors.call("POST", "/v1/what-if", said)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_nothing_changed_is_identical(doors: Doors):
    said = ask(doors)

    assert (said["decisions"], said["replayed"], said["people"]) == (7, 7, 3)
    assert (said["identical_percent"], said["differing"]) == (100.0, 0)
    assert said["was"] == said["would"]


def test_a_lower_cap_says_what_would_not_have_been_sent_to_whom_and_why(doors: Doors):
    said = ask(doors, cap=1, curve=True)

    assert (said["was"]["sent"], said["would"]["sent"]) == (7, 3)
    assert {(one["was"], one["would"]): one["decisions"] for one in said["turns"]} == {
        ("send", "cap_reached"): 3,
        ("quiet_hours", "cap_reached"): 1,
    }
    assert len(said["examples"]) == 4
    assert said["examples"][0]["would"]["because_in_words"].keys() == {"zh", "en"}
    assert [one["sent"] for one in said["curve"]] == [3, 5, 7, 7, 7, 7, 7]


def test_quiet_hours_defaults_and_the_switch_can_be_changed(doors: Doors):
    said = ask(
        doors,
        quiet={"from": "00:00", "until": "23:59"},
        marketing_stopped=True,
        defaults=[{"category": "orders", "channel": "email", "wanted": False}],
    )

    assert said["would"]["reasons"] == {"marketing_stopped": 6}
    assert said["was"]["bells"] - said["would"]["bells"] == 13


def test_sending_everything_rings_at_least_as_often(doors: Doors):
    said = ask(doors, preset="send_everything")

    was, would = said["was"]["bells_per_person"], said["would"]["bells_per_person"]
    assert would["mean"] >= was["mean"]
    assert said["would"]["reasons"] == {}


def test_only_so_many_are_replayed_and_the_answer_says_so(doors: Doors):
    said = ask(doors, most=2)

    assert (said["decisions"], said["replayed"], said["is_cut"]) == (7, 2, True)


@pytest.mark.parametrize(
    "said",
    [
        {"cap": 31},
        {"cap": -1},
        {"days": 32},
        {"most": 100_001},
        {"preset": "send_everything", "cap": 1},
        {"quiet": {"from": "22:00Z", "until": "08:00Z"}},
        {"since": "2026-03-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"},
        {"since": "2026-01-02T00:00:00Z", "until": "2026-03-01T00:00:00Z"},
        {"defaults": [{"category": "gossip", "channel": "email", "wanted": True}]},
    ],
)
def test_what_cannot_be_asked_is_refused(doors: Doors, said: dict[str, Any]):
    assert doors.call("POST", "/v1/what-if", said).status_code == 422


def test_asking_writes_nothing(doors: Doors, shop: Shop):
    def count() -> list[Any]:
        with begin(shop.engine) as tx:
            return [
                *(tx.scalar(select(func.count()).select_from(one)) for one in (verdict, told)),
                *(tx.scalar(select(func.count()).select_from(one)) for one in (message, pressure)),
            ]

    before = count()
    ask(doors, preset="send_everything", curve=True)

    assert count() == before


def test_two_processes_say_what_one_says(doors: Doors, shop: Shop):
    now = shop.clock.now()
    stretch = Stretch(since=now - timedelta(days=7), until=now)
    url = shop.engine.url.render_as_string(hide_password=False)

    report = in_parts(url, stretch, Change(cap=1), with_curve=True)

    said = ask(doors, cap=1, curve=True)
    assert report.account.decisions == said["replayed"]
    assert [tally.sent for _, tally in report.curve] == [one["sent"] for one in said["curve"]]
