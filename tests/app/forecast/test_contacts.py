"""Contacts by half hour and by what they are about: mapped, told, split, kept by the migration."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.db.migrate import migrate, take_back
from app.db.transaction import begin
from app.forecast import contacts_store
from app.forecast.api import router
from app.forecast.contacts import GROUP_OF, halves, heard
from ml.answers.intents import Intent
from ml.load.slots import GROUPS, SLOT, slot_of
from orders_core.tx import Tx
from tests.doors import Doors, open_doors
from tests.shop import MORNING, Shop

HOUR = timedelta(hours=1)
NINE = MORNING.replace(minute=0)
PATH = "/v1/forecast/contacts"


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    with open_doors(shop, router) as opened:
        yield opened


def text_of(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def told(*slots: tuple[datetime, int, str]) -> dict[str, Any]:
    listed = [{"from": text_of(at), "contacts": n, "about": about} for at, n, about in slots]
    return {"source": "phone", "slots": listed}


def found(tx: Tx) -> dict[tuple[datetime, str], int]:
    return contacts_store.per_slot(tx, since=NINE - HOUR, until=NINE + 24 * HOUR)


def test_every_intent_belongs_to_one_group_and_every_group_is_used():
    assert set(GROUP_OF) == set(Intent)
    assert set(GROUP_OF.values()) == set(GROUPS)


def test_contacts_of_our_own_count_in_their_half_hour_and_group(tx: Tx):
    for minute, about in ((0, Intent.WHERE), (29, Intent.WHEN_SHIPS), (30, None), (59, None)):
        heard(tx, at=NINE + timedelta(minutes=minute), how="api", about=about)

    assert found(tx) == {(NINE, "where"): 2, (NINE + SLOT, "other"): 2}


def test_an_hours_halves_sum_to_it():
    for contacts in range(5):
        parts = halves(NINE, contacts)
        assert sum(parts.values()) == contacts
        assert list(parts) == [NINE, NINE + SLOT]


def test_a_system_tells_by_half_hour_and_group(doors: Doors, shop: Shop):
    body = told((NINE, 3, "where"), (NINE, 2, "return"), (NINE + SLOT, 4, "other"))
    assert doors.call("PUT", PATH, body).json() == {"source": "phone", "slots": 3, "hours": 0}

    with begin(shop.engine) as tx:
        assert found(tx) == {
            (NINE, "where"): 3,
            (NINE, "return"): 2,
            (NINE + SLOT, "other"): 4,
        }


def test_an_hour_is_split_and_a_half_hour_told_apart_wins(doors: Doors, shop: Shop):
    body = told((NINE + SLOT, 9, "where")) | {
        "hours": [{"hour": text_of(NINE), "contacts": 5}, {"hour": text_of(NINE), "contacts": 7}]
    }
    doors.call("PUT", PATH, body)

    with begin(shop.engine) as tx:
        assert found(tx) == {(NINE, "other"): 4, (NINE + SLOT, "where"): 9}


def test_a_half_hour_told_again_is_told_anew(doors: Doors, shop: Shop):
    doors.call("PUT", PATH, {"source": "phone", "hours": [{"hour": text_of(NINE), "contacts": 8}]})
    doors.call("PUT", PATH, {**told((NINE, 1, "other")), "source": "chat"})
    doors.call("PUT", PATH, told((NINE, 3, "where"), (NINE, 2, "return")))

    with begin(shop.engine) as tx:
        assert found(tx) == {
            (NINE, "where"): 3,
            (NINE, "return"): 2,
            (NINE, "other"): 1,  # of the other source
            (NINE + SLOT, "other"): 4,  # not told again
        }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (told((NINE + timedelta(minutes=15), 1, "where")), "not_whole_slot"),
        (told((NINE, 1, "weather")), "unknown_value"),
        (told((NINE, -1, "where")), "out_of_range"),
        ({"source": "phone"}, "too_few"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(doors: Doors, body: Any, code: str):
    reply = doors.call("PUT", PATH, body)

    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, code)


@pytest.mark.parametrize("about", ["weather", ""])
def test_no_contact_is_about_what_we_do_not_know(tx: Tx, about: str):
    with pytest.raises(IntegrityError, match="about_known"):
        contacts_store.add(tx, at=NINE, how="api", about=about, person_id=None, answered=False)


@pytest.mark.parametrize(
    ("slot", "about", "contacts", "broken"),
    [
        (NINE, "weather", 1, "about_known"),
        (NINE + SLOT / 2, "where", 1, "whole_slot"),
        (NINE, "where", -1, "contacts_not_negative"),
    ],
)
def test_a_count_that_makes_no_sense_is_refused_by_the_table(
    tx: Tx, slot: datetime, about: str, contacts: int, broken: str
):
    with pytest.raises(IntegrityError, match=broken):
        contacts_store.put(tx, "phone", {(slot, about): contacts})


def test_the_migration_keeps_every_contact_up_and_down(shop: Shop):
    take_back(shop.engine, to="0034")
    with begin(shop.engine) as tx:
        tx.execute(
            text("INSERT INTO contact_hour (source, hour, contacts) VALUES ('p', :at, 7)"),
            {"at": NINE},
        )
        tx.execute(
            text("INSERT INTO incoming (id, at, how) VALUES (gen_random_uuid(), :at, 'api')"),
            {"at": NINE + SLOT},
        )

    migrate(shop.engine)
    with begin(shop.engine) as tx:
        assert found(tx) == {(NINE, "other"): 4, (NINE + SLOT, "other"): 4}
    take_back(shop.engine, to="0034")

    with begin(shop.engine) as tx:
        assert tx.execute(text("SELECT hour, contacts FROM contact_hour")).all() == [(NINE, 7)]
    migrate(shop.engine)


def test_half_hours_begin_where_the_clock_says():
    assert slot_of(NINE + timedelta(minutes=29, seconds=59)) == NINE
    assert slot_of(NINE + timedelta(minutes=30)) == NINE + SLOT
