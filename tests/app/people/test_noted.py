"""Whatever writes a choice writes its line: the triggers are those that the list asks for."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, text, update

from app.people import calm_store, history_store, mute_store
from app.people.choice_store import choose, choose_rhythms, grant
from app.people.choices import Category, ChannelName, Rhythm
from app.people.device_store import add_device, devices_of, remove_device
from app.people.history import Line
from app.people.hours import Window
from app.people.noted import NOTED, SAYING, functions, script
from app.people.person import Consent, Profile
from app.people.saying import By, Door, Saying, by_caller, by_person
from app.people.store import change
from app.people.tables import choice, preference
from orders_core.ids import OrderId, PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import enter
from tests.architecture.source import ROOT
from tests.cast import ANA, BEN
from tests.shop import MORNING

VERSIONS = ROOT / "app/db/migrations/versions"
MIGRATIONS = (VERSIONS / "0028_choices", VERSIONS / "0038_kept_told")
OFFERS = (Category.OFFERS, ChannelName.EMAIL)
TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgname ~ '_noted_' AND NOT tgisinternal"


def lines(tx: Tx, who: PersonId = ANA.person_id) -> list[Line]:
    """Return the history of a person, newest first."""
    return list(history_store.page(tx, who, after=None, at_most=100))


def told(tx: Tx) -> list[tuple[str, str, object, object]]:
    """Return what a history says, the oldest line first."""
    return [(one.about, one.cell, one.was, one.became) for one in reversed(lines(tx))]


def begin_anew(tx: Tx) -> None:
    """Let Ana in, and forget how she came."""
    enter(tx, ANA)
    tx.execute(choice.delete())


def test_the_triggers_are_those_of_the_list(tx: Tx):
    wanted = {trigger for noted in NOTED for trigger in noted.triggers()}

    assert set(tx.scalars(text(TRIGGERS))) == wanted


def test_the_migration_makes_what_the_list_says_and_drops_it_again():
    up, down = (
        "\n".join(Path(f"{one}.{end}").read_text() for one in MIGRATIONS)
        for end in ("sql", "down.sql")
    )

    assert all(made in up for made in (SAYING, *map(script, NOTED)))
    assert all(f"DROP FUNCTION {name}()" in down for name in functions())


def test_a_line_says_who_where_and_when_from_what_to_what(tx: Tx):
    begin_anew(tx)
    saying = Saying(by=By.SHOP, door=Door.API, at=MORNING, name="key:till")
    history_store.note(tx, saying)
    choose(tx, ANA.person_id, {(Category.ORDERS, ChannelName.SMS): False}, source="t", now=MORNING)

    [line] = lines(tx)

    assert (line.said_by, line.door, line.name, line.at) == ("shop", "api", "key:till", MORNING)
    assert line.act == saying.act
    assert (line.about, line.cell, line.was, line.became) == (
        "preference",
        "orders.sms",
        None,
        False,
    )


def test_what_is_said_again_is_no_line(tx: Tx):
    begin_anew(tx)
    for _ in range(2):
        choose(tx, ANA.person_id, {OFFERS: False}, source="t", now=MORNING)
        choose_rhythms(tx, ANA.person_id, {ChannelName.SMS: Rhythm.DAILY}, source="t", now=MORNING)

    assert [line.about for line in lines(tx)].count("preference") == 1
    assert [line.about for line in lines(tx)].count("rhythm") == 1


def test_everything_a_person_can_choose_is_noted(tx: Tx):
    begin_anew(tx)
    order, who = OrderId(new_id()), ANA.person_id
    calm_store.keep_quiet(tx, who, Window(*NIGHT), source="t", now=MORNING)
    calm_store.pause(tx, who, MORNING + timedelta(days=1), source="t", now=MORNING)
    calm_store.pause(tx, who, None, source="t", now=MORNING)
    mute_store.mute(tx, order, who, now=MORNING)
    mute_store.unmute(tx, order)
    mute_store.tell_more(tx, order, who, channel="push", now=MORNING)
    mute_store.tell_more(tx, order, who, channel="email", now=MORNING)
    mute_store.tell_as_usual(tx, order)
    contacts = {ChannelName.EMAIL: "new@mail.example", ChannelName.SMS: None}
    change(tx, {who: Profile(reference="", locale="en", contacts=contacts)}, now=MORNING)
    add_device(tx, who, "token-of-hers", name="Pixel", now=MORNING)

    found = told(tx)

    assert found[:8] == [
        ("quiet", "", None, {"from": "22:30", "until": "07:00", "days": 127}),
        ("pause", "", None, "2026-03-03T02:00:00+00:00"),
        ("pause", "", "2026-03-03T02:00:00+00:00", None),
        ("mute", str(order), None, True),
        ("mute", str(order), True, None),
        ("more", str(order), None, "push"),
        ("more", str(order), "push", "email"),
        ("more", str(order), "email", None),
    ]
    assert found[8] == ("language", "", ANA.locale, "en")
    assert ("address", "email", None, "n•••@mail.example") in found
    assert found[-1][0] == "device"
    assert found[-1][3] == "Pixel"


def test_no_address_and_no_token_stands_in_the_history(tx: Tx):
    begin_anew(tx)
    contacts = {ChannelName.EMAIL: "secret@mail.example", ChannelName.SMS: "+8613900139000"}
    change(tx, {ANA.person_id: Profile(reference="", contacts=contacts)}, now=MORNING)
    add_device(tx, ANA.person_id, "token-of-hers", now=MORNING)
    remove_device(tx, ANA.person_id, devices_of(tx, ANA.person_id)[0].id)

    written = str(told(tx))

    assert "secret" not in written
    assert "139001" not in written
    assert "token-of-hers" not in written
    assert "•••9000" in written


def test_many_people_are_noted_each_for_themselves(tx: Tx):
    enter(tx, ANA, BEN)
    tx.execute(choice.delete())
    both = [ANA.person_id, BEN.person_id]
    agreed = Consent(channel=ChannelName.PUSH, granted=False, source="till", at=MORNING)
    grant(tx, [(who, agreed) for who in both])

    assert set(tx.scalars(select(choice.c.person_id))) == set(both)


def test_what_nobody_says_is_the_shops_import(tx: Tx):
    begin_anew(tx)
    choose(tx, ANA.person_id, {OFFERS: False}, source="t", now=MORNING)

    assert {(line.said_by, line.door) for line in lines(tx)} == {("shop", "import")}


def test_a_statement_of_any_room_is_noted(tx: Tx):
    enter(tx, ANA)
    choose(tx, ANA.person_id, {OFFERS: False}, source="t", now=MORNING)
    tx.execute(choice.delete())
    history_store.note(tx, by_person(Door.PAGE, MORNING))
    tx.execute(update(preference).values(wanted=True))

    assert told(tx) == [("preference", "offers.email", False, True)]


def test_whose_act_it_is_follows_from_the_caller():
    staff, key = by_caller("staff:ana@shop.example", MORNING), by_caller("key:till", MORNING)

    assert (staff.by, key.by) == (By.AGENT, By.SHOP)
    assert isinstance(key.act, UUID)
    assert staff.act != key.act


NIGHT = (MORNING.replace(hour=22, minute=30).time(), MORNING.replace(hour=7, minute=0).time())
