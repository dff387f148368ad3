"""The thinking of campaigns: moves, words as a phone shows them, the pace, wall times anywhere."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns import segment, wall
from app.campaigns.campaign import MOVES, Draft, State, Timing, sources_of
from app.campaigns.due import due
from app.campaigns.pace import CHUNK, MOST_BEHIND, Pace
from app.campaigns.segment import Segment
from app.campaigns.sends import spread
from app.campaigns.wall import Shown
from app.campaigns.wording import FOLD, Flaw, Words, flaws, fold, grave, length
from app.people.choices import ChannelName
from tests.shop import MORNING

ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
A_MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_only_what_has_not_begun_can_be_a_draft_again():
    assert sources_of(State.DRAFT) == {State.SCHEDULED}
    assert MOVES[State.CANCELLED] == frozenset()
    assert sources_of(State.CANCELLED) == set(State) - {State.CANCELLED}
    assert State.DRAFT not in MOVES[State.PAUSED]


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("", 0),
        ("秋茶", 2),
        ("ab", 1),
        ("abc", 2),
        ("８折！", 3),
        ("e\u0301", 1),
        ("👨‍👩‍👧", 1),
        ("👍🏽", 1),
        ("☕️", 1),
        ("a\u200bb", 1),
    ],
)
def test_length_counts_what_a_phone_gives_room_to(text: str, characters: int):
    assert length(text) == characters


def test_a_locked_phone_shows_seventy_characters_and_no_more():
    assert fold("茶" * 70) == ("茶" * 70, "")
    assert fold("茶" * 71) == ("茶" * 70, "茶")
    assert fold("ab" * 70) == ("ab" * 70, "")
    assert fold("今年\n\n秋茶") == ("今年 秋茶", "")


@given(st.text(max_size=400))
def test_folding_loses_nothing_but_blanks(text: str):
    shown, folded = fold(text)

    assert "".join((shown + folded).split()) == "".join(text.split())
    assert length(shown) <= FOLD


@pytest.mark.parametrize(
    ("words", "locale", "found"),
    [
        (Words("", "正文"), "zh", [Flaw.MISSING]),
        (Words("茶" * 31, "正文"), "zh", [Flaw.TITLE_TOO_LONG]),
        (Words("tea " * 15, "text"), "en", []),
        (Words("秋茶到店！", "快来！"), "zh", []),
        (Words("秋茶", "您好 {name}"), "zh", [Flaw.HOLE]),
        (Words("Tea", "秋茶到店"), "en", [Flaw.OTHER_LANGUAGE]),
        (Words("Tea", "茶" * 71), "zh", [Flaw.FOLDED]),
    ],
)
def test_flaws_are_named_and_joy_is_none(words: Words, locale: str, found: list[Flaw]):
    assert list(flaws(words, locale)) == found


def test_words_are_needed_only_in_the_languages_of_the_segment():
    words = {"en": Words("Tea", "It is here.")}

    assert grave(words, Segment().locales) == ["zh_missing"]
    assert grave(words, Segment(locale="en").locales) == []


def test_a_segment_is_read_as_it_was_written():
    asked = Segment(consented_on=ChannelName.PUSH, locale="zh", bought_within_days=90)

    assert segment.read(segment.written(asked)) == asked
    assert segment.written(Segment()) == {}
    with pytest.raises(ValueError, match="days"):
        Segment(bought_within_days=0)
    with pytest.raises(TypeError):
        segment.read({"age": 30})


@pytest.mark.parametrize("per_minute", [1, 59, 61, 1019, 40_000])
def test_a_pace_is_kept_exactly_over_an_hour(per_minute: int):
    pace, now, told = Pace(per_minute), MORNING, 0
    ready_at: datetime | None = None
    while now < MORNING + timedelta(hours=1):
        if ready_at is None or ready_at <= now:
            told += pace.chunk
            ready_at = pace.ready_after(pace.chunk, was_ready_at=ready_at, now=now)
        now = max(now + timedelta(milliseconds=1), ready_at)

    assert told == pytest.approx(per_minute * 60, abs=pace.chunk)


def test_a_pause_is_not_made_up_for():
    pace = Pace(600)

    ready_at = pace.ready_after(100, was_ready_at=MORNING, now=MORNING + timedelta(hours=2))

    assert ready_at == MORNING + timedelta(hours=2) - MOST_BEHIND + timedelta(seconds=10)
    assert Pace(None).chunk == CHUNK


def test_what_one_hour_cannot_take_goes_on_in_the_next():
    hour = timedelta(hours=1)

    assert spread({MORNING: 250}, per_hour=100) == {
        MORNING: 100,
        MORNING + hour: 100,
        MORNING + 2 * hour: 50,
    }
    assert spread({MORNING: 250}, per_hour=None) == {MORNING: 250}


@pytest.mark.parametrize(
    ("text", "zone", "expected", "shown"),
    [
        ("2026-03-29T02:30", "Europe/Lisbon", "2026-03-29T01:30+00:00", Shown.ONCE),
        ("2026-03-29T01:30", "Europe/Lisbon", "2026-03-29T01:00+00:00", Shown.NEVER),
        ("2026-10-25T01:30", "Europe/Lisbon", "2026-10-25T00:30+00:00", Shown.TWICE),
        ("2026-11-11T09:00", "Asia/Kathmandu", "2026-11-11T03:15+00:00", Shown.ONCE),
        ("2026-11-11T09:00", "Pacific/Kiritimati", "2026-11-10T19:00+00:00", Shown.ONCE),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00+00:00", Shown.NEVER),
    ],
)
def test_a_wall_time_is_one_instant(text: str, zone: str, expected: str, shown: Shown):
    assert wall.read(at(text), zone) == wall.Reading(at(expected), shown)


def test_a_wall_time_names_no_zone():
    with pytest.raises(ValueError, match="names no zone"):
        wall.read(MORNING, "UTC")


@lru_cache(maxsize=4096)
def place(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


@given(
    st.datetimes(datetime(1975, 1, 1), datetime(2037, 12, 31)),  # noqa: DTZ001 - walls
    st.sampled_from(ZONES),
)
def test_in_every_zone_clocks_show_the_time_then_or_jump_over_it_then(said: datetime, zone: str):
    read = wall.read(said, zone)

    here = read.at.astimezone(place(zone)).replace(tzinfo=None)
    just_before = (read.at - timedelta(seconds=1)).astimezone(place(zone)).replace(tzinfo=None)
    if read.shown is Shown.NEVER:
        assert just_before < said < here
    else:
        assert here == said
    if read.shown is Shown.TWICE:
        later = said.replace(tzinfo=place(zone), fold=1).astimezone(UTC)
        assert later > read.at
        assert later.astimezone(place(zone)).replace(tzinfo=None) == said


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2037, 12, 31)),  # noqa: DTZ001 - walls
    st.sampled_from(ZONES),
    st.integers(0, 24 * 60),
)
def test_a_later_wall_time_is_never_an_earlier_instant_but_where_clocks_go_back(
    said: datetime, zone: str, minutes: int
):
    early, late = wall.read(said, zone), wall.read(said + minutes * A_MINUTE, zone)

    assert late.at >= early.at or Shown.TWICE in {early.shown, late.shown}


@pytest.mark.parametrize("timing", Timing)
def test_a_time_that_has_passed_means_at_once(timing: Timing):
    draft = Draft(name="", timing=timing, wall=at("2026-03-02T09:00"))

    found = due(draft, "Asia/Shanghai", shop_zone="Asia/Shanghai", now=MORNING)

    assert found.at == MORNING
    assert found.is_past is (timing in {Timing.SHOP, Timing.PERSON})  # a day lasts until its end
