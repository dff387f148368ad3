"""Take foreign orders in: their people, the orders, and the parcels they ship in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.house import Heed, Notices, at_its_claim
from app.intake.draft import Draft
from app.people import store as people
from app.people.history_store import note
from app.people.person import Profile
from app.people.saying import imported
from orders_core.events import Change, Ring
from orders_core.ids import PersonId
from orders_core.orders.mirror import Came
from orders_core.orders.mirroring import Mirrored, mirror
from orders_core.parcels.attach import ParcelTaken, attach_each
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an intake is done: for whom, since when it may ring, what is assumed of new people.

    `heed` is the house's: told of everybody whose data came. So are `notices`, which tell
    what somebody asks to be told; None where whoever brings events may tell nobody.
    """

    by: str
    ring: Callable[[datetime], Ring]
    now: datetime
    locale: str
    zone: str
    heed: Heed = at_its_claim
    notices: Notices | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of each draft, in the order given, and the parcels that carry other orders."""

    orders: Sequence[Mirrored]
    refused_parcels: Sequence[ParcelTaken]


def take(tx: Tx, drafts: Sequence[Draft], terms: Terms) -> Taken:
    """Take a batch in one transaction; any of it may have been taken before.

    What a late snapshot says of somebody we know already is not taken: it is older than what
    stands. Locks: people by reference, then orders by (source, reference), then parcels by id.
    """
    named = {who.reference for draft in drafts for who in draft.people}
    known = people.by_reference(tx, sorted(named))
    ids = {**known, **_introduce(tx, _said_of(drafts, named - known.keys()), terms)}
    snapshots = [draft.snapshot(ids) for draft in drafts]
    mirrored = mirror(tx, snapshots, by=terms.by, ring=terms.ring)
    pairs = list(zip(drafts, mirrored, strict=True))
    newest = [draft for draft, of in pairs if of.came is Came.NEWS]
    _introduce(tx, _said_of(newest, known.keys()), terms)
    wishes = [
        wish
        for draft, of in pairs
        for wish in draft.consignments(of.order_id, _said(draft, of, terms))
    ]
    return Taken(orders=mirrored, refused_parcels=attach_each(tx, wishes).taken)


def _said_of(drafts: Sequence[Draft], references: Collection[str]) -> list[Profile]:
    """Return what the drafts say of these people, the latest word last."""
    in_time = sorted(drafts, key=lambda draft: draft.occurred_at)
    return [who for draft in in_time for who in draft.people if who.reference in references]


def _introduce(tx: Tx, profiles: Sequence[Profile], terms: Terms) -> Mapping[str, PersonId]:
    """Write what is said of people; the latest word counts."""
    if not profiles:
        return {}
    note(tx, imported(terms.now))
    ids = people.upsert(tx, profiles, locale=terms.locale, zone=terms.zone, now=terms.now)
    terms.heed(tx, ids, terms.now)
    return {profile.reference: id_ for profile, id_ in zip(profiles, ids, strict=True)}


def _said(draft: Draft, mirrored: Mirrored, terms: Terms) -> Change:
    is_news = mirrored.came is Came.NEWS and not draft.is_guessed
    return Change(
        by=terms.by,
        why=f"snapshot {draft.source_version}",
        at=draft.occurred_at,
        ring=terms.ring(draft.occurred_at) if is_news else Ring.NEVER,
    )
