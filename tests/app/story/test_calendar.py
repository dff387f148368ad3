"""The calendar file: what RFC 5545 asks of it, whatever stands in it."""

from datetime import UTC, date, datetime

from app.story.calendar import Entry, calendar

NOW = datetime(2026, 11, 10, 6, 0, tzinfo=UTC)


def file_of(*, day: date = date(2026, 12, 31), **given: str) -> str:
    entry = Entry(
        **{
            "uid": "par_1@orderbell",
            "summary": "小满杂货订单 100482",
            "description": "承运方 快燕速运，运单号 KY1",
            "url": "https://shop.example/o/abc",
            **given,
        },
        day=day,
    )
    return calendar([entry], now=NOW, language="zh-CN")


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_it_begins_and_ends_as_a_calendar_with_one_event() -> None:
    lines = unfolded(file_of())

    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Orderbell//Order page//EN"]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTAMP:20261110T060000Z" in lines
    assert "UID:par_1@orderbell" in lines


def test_every_line_ends_with_a_carriage_return_and_a_line_feed() -> None:
    text = file_of()

    assert text.count("\n") == text.count("\r\n") == text.count("\r")


def test_a_whole_day_ends_before_the_next_one_begins() -> None:
    lines = unfolded(file_of(day=date(2026, 12, 31)))

    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines


def test_no_line_is_over_75_octets_and_no_character_is_cut() -> None:
    long = "预计送达，" * 40
    text = file_of(description=long, url="https://shop.example/o/" + "a" * 150)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert long.replace(",", "\\,") in "".join(unfolded(text))
    assert any(line.endswith("a" * 150) for line in unfolded(text))


def test_marks_with_a_meaning_are_escaped_and_nothing_can_begin_a_line_of_its_own() -> None:
    text = file_of(summary="tea; lamp, bell \\ \r\nATTENDEE:mailto:x@evil.example\x07")
    line = next(one for one in unfolded(text) if one.startswith("SUMMARY"))

    assert line.endswith("tea\\; lamp\\, bell \\\\ \\nATTENDEE:mailto:x@evil.example")
    assert not any(one.startswith("ATTENDEE") for one in text.split("\r\n"))


def test_a_file_made_later_is_the_newer_word_on_the_same_day() -> None:
    early, late = file_of(), calendar([], now=NOW.replace(hour=9), language="en")
    sequence = next(one for one in unfolded(early) if one.startswith("SEQUENCE:"))

    assert int(sequence.partition(":")[2]) < 2**31
    assert "BEGIN:VEVENT" not in late
