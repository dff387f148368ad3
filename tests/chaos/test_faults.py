"""Processes die, Valkey is emptied and gone; every letter arrives and doubles are counted."""

from collections.abc import Mapping
from typing import Any

import pytest

from bench.faults import Plan, run
from bench.ground import ground

LONGEST_RECOVERY_SECONDS = 15


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(Plan(letters=300, seconds=32, valkey_gone_seconds=6), id="short"),
        pytest.param(Plan(), id="full", marks=[pytest.mark.long, pytest.mark.timeout(400)]),
    ],
)
def test_no_letter_is_lost_whatever_dies(plan: Plan):
    with ground() as made:
        figures: Mapping[str, Any] = run(made, lambda _line: None, plan)

    assert figures["letters_sent"] == figures["letters_wished"] == plan.letters
    assert figures["lost"] == 0
    assert figures["events_open"] == 0
    assert figures["duplicates"] <= figures["duplicate_risk"]
    assert figures["letters_while_valkey_gone"] > 0
    assert figures["slowest_letter_seconds"] <= LONGEST_RECOVERY_SECONDS
    assert max(figures["seconds_to_next_letter"].values()) <= LONGEST_RECOVERY_SECONDS
