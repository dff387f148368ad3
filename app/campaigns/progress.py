"""How far a campaign has come, read in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.campaigns import slot_store, store, told_store
from app.campaigns.campaign import Campaign, State
from app.campaigns.slot_store import Slot
from app.campaigns.store import Move
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a campaign stands. `seconds_left` is machine time: what is left of its countdown."""

    state: State
    seconds_left: float
    outcomes: Mapping[str, int]
    messages: Mapping[str, int]  # by state
    slots: Sequence[Slot]
    moves: Sequence[Move]

    @property
    def decided(self) -> int:
        """How many people were decided about."""
        return sum(self.outcomes.values())

    @property
    def asked(self) -> int:
        """How many there were when it was scheduled, or more where more came since."""
        return max(sum(slot.asked for slot in self.slots), self.decided)

    @property
    def next_due(self) -> datetime | None:
        """When the next slot is due, in business time; None where all are done."""
        return min((slot.due_at for slot in self.slots if not slot.is_done), default=None)


def progress(tx: Tx, campaign: Campaign) -> Progress:
    """Read how far a campaign has come."""
    return Progress(
        state=campaign.state,
        seconds_left=store.seconds_left(tx, campaign.id),
        outcomes=told_store.tally(tx, campaign.id),
        messages=told_store.messages_by_state(tx, campaign.id),
        slots=slot_store.of(tx, campaign.id),
        moves=store.moves(tx, campaign.id),
    )
