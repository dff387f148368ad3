"""How long an SMS is, to the character."""

import pytest

from app.words.phone import sms_length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (0, 1, 160)),
        ("a" * 160, (160, 1, 160)),
        ("a" * 161, (161, 2, 160)),
        ("a" * 306, (306, 2, 160)),
        ("a" * 307, (307, 3, 160)),
        ("单" * 70, (70, 1, 70)),
        ("单" * 71, (71, 2, 70)),
        ("单" * 134, (134, 2, 70)),
        ("单" * 135, (135, 3, 70)),
        ("€" * 80, (160, 1, 160)),
        ("a€" * 54, (162, 2, 160)),
        ("café ’", (6, 1, 70)),
        ("🔔" * 35, (70, 1, 70)),
        ("🔔" * 36, (72, 2, 70)),
    ],
)
def test_an_sms_is_counted_as_the_network_counts(text: str, expected: tuple[int, int, int]) -> None:
    assert sms_length(text) == expected


def test_a_character_of_two_units_is_not_torn() -> None:
    """67 units hold 33 bells and an empty place, so 67 bells want a third segment."""
    assert sms_length("🔔" * 66).segments == 2
    assert sms_length("🔔" * 67).segments == 3
