"""People and their addresses: written in batches, by the shop's own references."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db.transaction import begin
from app.people import device_store, store
from app.people.choices import ChannelName
from app.people.person import Profile
from orders_core.errors import NotFound
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.shop import MORNING, Shop
from tests.together import together

EMAIL, SMS, PUSH = ChannelName.EMAIL, ChannelName.SMS, ChannelName.PUSH
ANA = Profile(
    reference="c-1",
    name="安娜",
    locale="zh",
    zone="Asia/Shanghai",
    contacts={EMAIL: "ana@mail.example", SMS: "+8613800138000"},
)


def write(tx: Tx, *profiles: Profile) -> list[PersonId]:
    return store.upsert(tx, profiles, locale="zh", zone="Asia/Shanghai", now=MORNING)


def contacts(tx: Tx, name: PersonId | str = "c-1") -> dict[str, tuple[str, ...]]:
    return {on: to for on, to in store.find(tx, name).contacts.items() if on != "inapp"}


def test_a_reference_that_is_new_makes_a_person(tx: Tx):
    [person_id] = write(tx, ANA)

    person = store.find(tx, "c-1")
    assert (person.id, person.name, person.zone) == (person_id, "安娜", "Asia/Shanghai")
    assert contacts(tx) == {"email": ("ana@mail.example",), "sms": ("+8613800138000",)}
    assert store.find(tx, person_id) == person


def test_somebody_of_whom_nothing_was_said_gets_the_shops_own_language_and_zone(tx: Tx):
    write(tx, Profile(reference="c-2"))

    person = store.find(tx, "c-2")
    assert (person.locale, person.zone, person.name) == ("zh", "Asia/Shanghai", "")


def test_a_reference_that_is_known_is_the_same_person(tx: Tx):
    [first] = write(tx, ANA)

    assert write(tx, replace(ANA, name="Ana")) == [first]
    assert store.find(tx, "c-1").name == "Ana"


def test_what_is_not_said_stays_as_it_is(tx: Tx):
    write(tx, replace(ANA, zone="Asia/Tokyo"))

    write(tx, Profile(reference="c-1", locale="en"))

    person = store.find(tx, "c-1")
    assert (person.name, person.locale, person.zone) == ("安娜", "en", "Asia/Tokyo")
    assert set(contacts(tx)) == {"email", "sms"}


def test_a_new_address_takes_the_place_of_the_old(tx: Tx):
    write(tx, ANA)

    write(tx, Profile(reference="c-1", contacts={EMAIL: "ana@home.example"}))

    assert contacts(tx)["email"] == ("ana@home.example",)


def test_no_address_takes_the_channel_away(tx: Tx):
    write(tx, ANA)

    write(tx, Profile(reference="c-1", contacts={SMS: None}))

    assert set(contacts(tx)) == {"email"}


def test_people_come_back_in_the_order_they_were_named(tx: Tx):
    names = ["c-9", "c-3", "c-7"]

    ids = write(tx, *(Profile(reference=name) for name in names))

    assert [store.find(tx, one).reference for one in ids] == names


def test_somebody_named_twice_is_taken_in_order(tx: Tx):
    late = Profile(reference="c-1", name="Ana", contacts={EMAIL: "ana@home.example"})

    ids = write(tx, ANA, late)

    assert ids[0] == ids[1]
    assert store.find(tx, "c-1").name == "Ana"
    assert contacts(tx) == {"email": ("ana@home.example",), "sms": ("+8613800138000",)}


def test_one_persons_address_is_not_touched_by_anothers(tx: Tx):
    write(tx, ANA, Profile(reference="c-2", contacts={EMAIL: "ben@mail.example"}))

    write(tx, Profile(reference="c-2", contacts={EMAIL: None}))

    assert contacts(tx)["email"] == ("ana@mail.example",)


def test_of_many_addresses_said_at_once_one_remains(shop: Shop):
    def say(number: int) -> None:
        with begin(shop.engine) as tx:
            write(tx, Profile(reference="c-1", contacts={EMAIL: f"ana-{number}@mail.example"}))

    say(0)
    together(*(lambda number=number: say(number) for number in range(1, 9)))

    with begin(shop.engine) as tx:
        assert len(contacts(tx)["email"]) == 1


def test_batches_that_name_people_in_another_order_do_not_stop_each_other(shop: Shop):
    people = [Profile(reference=f"c-{number}") for number in range(50)]

    def say(thread: int) -> None:
        in_order = people if thread % 2 else people[::-1]
        for turn in range(5):
            with begin(shop.engine) as tx:
                write(tx, *(replace(one, name=f"{thread}-{turn}") for one in in_order))

    together(*(lambda thread=thread: say(thread) for thread in range(8)))

    with begin(shop.engine) as tx:
        assert len({store.find(tx, one.reference).name for one in people}) == 1


def test_a_device_leaves_whoever_had_it_before(tx: Tx):
    ana, ben = write(tx, ANA, Profile(reference="c-2"))
    device_store.add_device(tx, ana, "phone-1", now=MORNING)

    device_store.add_device(tx, ben, "phone-1", now=MORNING)

    assert "push" not in contacts(tx, ana)
    assert contacts(tx, ben)["push"] == ("phone-1",)


def test_the_newest_devices_are_kept_newest_first(tx: Tx):
    [ana] = write(tx, ANA)

    for number in range(12):
        device_store.add_device(tx, ana, f"phone-{number}", now=MORNING + timedelta(days=number))

    assert contacts(tx)["push"] == tuple(f"phone-{number}" for number in range(11, 1, -1))


def test_a_device_of_nobody_is_refused(tx: Tx):
    with pytest.raises(NotFound):
        device_store.add_device(tx, PersonId(new_id()), "phone-1", now=MORNING)


def test_everybody_can_be_reached_in_their_own_inbox(tx: Tx):
    [ana] = write(tx, ANA)

    assert store.recipients(tx, [ana])[ana].addresses["inapp"] == (str(ana),)


def test_whoever_is_not_known_is_left_out(tx: Tx):
    [ana] = write(tx, ANA)
    stranger = PersonId(new_id())

    assert set(store.recipients(tx, [ana, stranger])) == {ana}
    assert set(store.known_people(tx, [ana, stranger])) == {ana}
    assert store.named(tx, [ana, stranger, "c-1", "c-2"]) == {ana: ana, "c-1": ana}
    with pytest.raises(NotFound):
        store.find(tx, stranger)
