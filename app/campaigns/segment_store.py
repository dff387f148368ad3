"""Who is in a segment, asked of the database: how many by zone, and one keyset chunk at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from app.campaigns.segment import Segment
from app.campaigns.tables import campaign_verdict
from app.people.tables import consent, person
from orders_core.ids import PersonId
from orders_core.orders.tables import orders
from orders_core.tx import Tx


@dataclass(frozen=True, slots=True)
class Someone:
    """One person of a segment."""

    id: PersonId
    name: str
    locale: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class Among:
    """Whom a chunk is taken from, in the order of ids, from `after` on.

    `zone` narrows to one zone, `untold_under` to people about whom a campaign decided nothing yet.
    """

    segment: Segment
    as_of: datetime
    after: UUID | None = None
    zone: str | None = None
    untold_under: UUID | None = None


def zones(tx: Tx, segment: Segment) -> Sequence[str]:
    """Return the zones its people live in, whatever they bought."""
    anybody = replace(segment, bought_within_days=None)
    return sorted(_by_zone(tx, anybody, as_of=None))


def count_by_zone(tx: Tx, segment: Segment, *, as_of: datetime) -> Mapping[str, int]:
    """Count its people by the zone they live in; zones without anybody are absent."""
    return _by_zone(tx, segment, as_of=as_of)


def _by_zone(tx: Tx, segment: Segment, *, as_of: datetime | None) -> Mapping[str, int]:
    counted = select(person.c.zone, func.count()).where(*_holds(segment, as_of))
    return dict(tx.execute(counted.group_by(person.c.zone)).all())


def chunk(tx: Tx, among: Among, *, at_most: int) -> Sequence[Someone]:
    """Return the next people, at most so many; fewer than asked for means nobody follows."""
    wanted = _select().where(*_holds(among.segment, among.as_of))
    if among.after is not None:
        wanted = wanted.where(person.c.id > among.after)
    if among.zone is not None:
        wanted = wanted.where(person.c.zone == among.zone)
    if among.untold_under is not None:
        wanted = wanted.where(
            ~exists().where(
                campaign_verdict.c.campaign_id == among.untold_under,
                campaign_verdict.c.person_id == person.c.id,
            )
        )
    return [Someone(*row) for row in tx.execute(wanted.order_by(person.c.id).limit(at_most))]


def first(tx: Tx, segment: Segment, *, as_of: datetime) -> Someone | None:
    """Return somebody of it whose name is known, the first there is: words are shown to them."""
    wanted = _select().where(*_holds(segment, as_of), person.c.name != "")
    row = tx.execute(wanted.order_by(person.c.id).limit(1)).one_or_none()
    return Someone(*row) if row else None


def named(tx: Tx, people: Sequence[UUID]) -> Sequence[Someone]:
    """Return people by their ids, in the order of ids; the unknown are absent."""
    wanted = _select().where(person.c.id.in_(people)).order_by(person.c.id)
    return [Someone(*row) for row in tx.execute(wanted)]


def holds(tx: Tx, segment: Segment, person_id: UUID, *, as_of: datetime | None) -> bool:
    """Say whether somebody is in a segment now; without `as_of`, whatever they bought."""
    wanted = select(person.c.id).where(person.c.id == person_id, *_holds(segment, as_of))
    return tx.scalar(wanted) is not None


def _select() -> Select[PersonId, str, str, str]:
    return select(person.c.id, person.c.name, person.c.locale, person.c.zone)


def _holds(segment: Segment, as_of: datetime | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if segment.locale is not None:
        conditions.append(person.c.locale == segment.locale)
    if segment.zone is not None:
        conditions.append(person.c.zone == segment.zone)
    if segment.consented_on is not None:
        agreed = exists().where(
            consent.c.person_id == person.c.id,
            consent.c.channel == segment.consented_on.value,
            consent.c.granted,
        )
        conditions.append(agreed)
    if segment.bought_within_days is not None and as_of is not None:
        since = as_of - timedelta(days=segment.bought_within_days)
        bought = exists().where(
            orders.c.person_id == person.c.id,
            orders.c.placed_at > since,
            orders.c.status != "cancelled",
        )
        conditions.append(bought)
    return conditions
