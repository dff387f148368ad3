"""What a person heard lately fits in one short row and reads back as it was written."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.hub.catalogue import ANNOUNCEMENT
from app.hub.pressure import (
    CATEGORY_CODES,
    CHANNEL_BITS,
    Entry,
    about_of,
    add,
    heard,
    mask,
    moment_of,
    pack,
    seconds_of,
    unpack,
)
from app.hub.verdict import Because, Send, Skip, Wait
from app.people.choices import Category, ChannelName

NOON = datetime(2026, 3, 2, 12, 0, 0, 900_000, tzinfo=UTC)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 255),
    st.integers(0, 255),
    st.integers(0, 2**15 - 1),
)
def test_an_entry_reads_back_as_it_was_packed(seconds: int, category: int, channels: int, nth: int):
    entry = Entry(seconds, category, channels, nth)

    assert unpack(pack(entry)) == entry
    assert pack(entry) < 2**63


def test_every_category_and_channel_has_a_code_of_its_own():
    assert set(CATEGORY_CODES) == set(Category)
    assert set(CHANNEL_BITS) == set(ChannelName)
    assert len(set(CATEGORY_CODES.values())) == len(Category)
    assert mask(ChannelName) == sum(CHANNEL_BITS.values()) < 256


def test_a_message_to_three_devices_is_one_entry():
    entries = heard(Send(("inapp", "email", "push")), ANNOUNCEMENT, NOON)

    assert [unpack(entry) for entry in entries] == [
        Entry(seconds_of(NOON), about_of(ANNOUNCEMENT), mask(("inapp", "email", "push")))
    ]


def test_a_held_message_is_heard_in_the_inbox_now_and_as_a_bell_later():
    later = NOON + timedelta(hours=9)
    answer = Wait(later, ("email",), ("inapp",), Because.QUIET_HOURS)

    entries = [unpack(entry) for entry in heard(answer, ANNOUNCEMENT, NOON)]

    assert [(moment_of(entry.seconds), entry.channels) for entry in entries] == [
        (NOON.replace(microsecond=0), mask(["inapp"])),
        (later.replace(microsecond=0), mask(["email"])),
    ]


def test_what_is_not_sent_is_not_heard():
    assert heard(Skip(Because.NO_CONSENT), ANNOUNCEMENT, NOON) == ()


def test_a_row_stays_in_order_of_time():
    early, middle, late = (pack(Entry(at, 3, 7)) for at in (10, 20, 30))

    assert add([early, late], [middle]) == (early, middle, late)
