"""Whom an intake may reach: nobody, everybody, or from a time on."""

from datetime import UTC, datetime, timedelta

import pytest

from app.intake.ring import ALWAYS, NEVER, BadNotify, read_notify
from orders_core.events import Ring

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_never_rings_never() -> None:
    assert read_notify("never").ring(Ring.NOW)(NOON) is Ring.NEVER


def test_yes_rings_as_the_intake_is() -> None:
    assert read_notify("yes").ring(Ring.THEN)(NOON) is Ring.THEN


def test_from_a_time_on_rings_what_happened_since() -> None:
    rule = read_notify("2026-03-02T20:00:00+08:00").ring(Ring.NOW)

    assert rule(NOON) is Ring.NOW
    assert rule(NOON - timedelta(seconds=1)) is Ring.NEVER


@pytest.mark.parametrize(
    "text", ["", "no", "YES", "2026-03-02", "2026-03-02T20:00:00", "yesterday"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadNotify, match="never, yes, or a time"):
        read_notify(text)


def test_it_is_written_as_it_is_read() -> None:
    assert [str(n) for n in (NEVER, ALWAYS)] == ["never", "yes"]
    assert read_notify(str(read_notify("2026-03-02T20:00:00+08:00"))).since == NOON
