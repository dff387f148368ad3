"""Why a campaign decided nothing about somebody: it has not begun, they are not of its people, …"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.campaigns import segment_store, slot_store
from app.campaigns.campaign import Campaign, State
from app.campaigns.slot_store import ELSEWHERE, Slot
from app.ops.untold import Why
from orders_core.ids import PersonId
from orders_core.tx import Tx

NOT_BEGUN = frozenset({State.DRAFT, State.SCHEDULED})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody about whom nothing was decided stands to a campaign."""

    person_id: UUID
    zone: str
    is_among: bool  #: whether they are in its segment now


def place_of(tx: Tx, campaign: Campaign, person_id: PersonId, zone: str) -> Place:
    """Look whether somebody is in the segment of a campaign now, as far back as it looks."""
    among = segment_store.holds(tx, campaign.draft.segment, person_id, as_of=campaign.as_of)
    return Place(person_id=person_id, zone=zone, is_among=among)


def slots_of(tx: Tx, campaign: Campaign) -> Sequence[Slot]:
    """Return the due slots of a campaign."""
    return slot_store.of(tx, campaign.id)


def left_out(campaign: Campaign, slots: Sequence[Slot], place: Place) -> Why:
    """Say why nothing was decided about somebody. Pure."""
    if campaign.state in NOT_BEGUN:
        return Why.NOT_BEGUN
    if not place.is_among:
        return Why.NOT_AMONG
    if campaign.state is State.CANCELLED:
        return Why.CALLED_OFF
    return Why.TURN_COMES if _turn_comes(slots, place) else Why.CAME_LATER


def _turn_comes(slots: Sequence[Slot], place: Place) -> bool:
    """Say whether a slot that may still take them has not come as far as their id."""
    return any(
        slot.after is None or slot.after < place.person_id
        for slot in slots
        if slot.zone in (place.zone, ELSEWHERE) and not slot.is_done
    )
