"""What may be answered by itself, by intent and by the state of the order: the sheet answers.csv.

`may_use` names the kinds of facts an answer may rest on; `action` is what it may offer beside its
words. Cells: `answer` at once, `draft` for an agent who sends it, `disputed` (a draft too, and more
urgent: our books and the person's word disagree), `never` (a person answers, and nothing said by
the machine comes first). An answer that the books hold no fact for is a draft as well. `serves`
names the intents whose every fact its answer tells too: who asked one of those is answered as well.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from ml.answers.intents import Intent
from orders_core.orders.order import OrderStatus

SHEET = Path(__file__).with_name("answers.csv")
ACTIONS = frozenset({"", "address", "cancel", "return", "invoice", "preferences"})
KINDS = frozenset({"order", "parcel", "refund", "return", "page", "person"})
#: Of every kind but these the order's whole file has to be read.
AT_HAND = frozenset({"order", "parcel", "person"})


class How(StrEnum):
    """Who answers."""

    ANSWER = "answer"
    DRAFT = "draft"
    DISPUTED = "disputed"
    NEVER = "never"


class BadSheet(ValueError):
    """The sheet does not say of every intent and state how it is answered."""


@dataclass(frozen=True)
class Row:
    """What the sheet says of one intent."""

    may_use: frozenset[str]
    by_state: Mapping[OrderStatus, How]
    action: str
    serves: frozenset[Intent]

    @property
    def is_never(self) -> bool:
        """Whether no order could make it answerable."""
        return set(self.by_state.values()) == {How.NEVER}

    @property
    def needs_order(self) -> bool:
        """Whether what is said rests on an order, and not on the person alone."""
        return self.may_use != {"person"}

    @property
    def reads_all(self) -> bool:
        """Whether more than the order and its parcels must be read."""
        return not self.may_use <= AT_HAND


def read_sheet(text: str) -> Mapping[Intent, Row]:
    """Read the sheet.

    Raises:
        BadSheet: If an intent is missing or stands twice, or a cell says what it cannot.
    """
    rows: dict[Intent, Row] = {}
    for line in csv.DictReader(text.splitlines()):
        try:
            intent, row = Intent(line["intent"]), _row(line)
        except (KeyError, ValueError) as wrong:
            raise BadSheet(f"{line.get('intent')}: {wrong}") from wrong
        if intent in rows:
            raise BadSheet(f"{intent} stands twice")
        rows[intent] = row
    if missing := [str(one) for one in Intent if one not in rows]:
        raise BadSheet(f"nothing is said of {', '.join(missing)}")
    return MappingProxyType(rows)


def _row(line: Mapping[str, str]) -> Row:
    may_use, action = frozenset(line["may_use"].split()), line["action"]
    if not may_use or not may_use <= KINDS:
        raise ValueError(f"no kinds of facts: {line['may_use']}")
    if action not in ACTIONS:
        raise ValueError(f"no action: {action}")
    by_state = {state: How(line[state]) for state in OrderStatus}
    return Row(may_use, by_state, action, frozenset(map(Intent, line["serves"].split())))


MAY: Mapping[Intent, Row] = read_sheet(SHEET.read_text("utf-8"))
