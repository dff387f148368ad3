"""The one sentence at the top: how an order stands now, from facts alone. Pure.

A day that has passed is said to have passed; where a parcel is now nobody knows, so its last scan
is told with its age; what the books do not hold is not said.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.story import owed
from app.story.clause import Ago, At, Carrier, Clause, Day, Tone
from app.story.facts import UNPAID, Facts
from app.story.money import back
from orders_core.orders.order import Fulfilment, OrderStatus
from orders_core.parcels.parcel import Parcel, ParcelStatus, is_likely, silence

QUIET_CARRIER = timedelta(hours=24)  # a carrier that scanned nothing for longer is worth a look
TONES = {
    ParcelStatus.DELIVERED: Tone.GOOD,
    ParcelStatus.AT_STATION: Tone.WAIT,
    ParcelStatus.ATTEMPT_FAILED: Tone.BAD,
    ParcelStatus.EXCEPTION: Tone.BAD,
    ParcelStatus.RETURNING: Tone.BAD,
    ParcelStatus.RETURNED: Tone.BAD,
}
EARLIEST = datetime.min.replace(tzinfo=UTC)

# Of several parcels the first of these is told of: what needs somebody comes before what goes well.
FIRST = (
    ParcelStatus.AT_STATION,
    ParcelStatus.ATTEMPT_FAILED,
    ParcelStatus.EXCEPTION,
    ParcelStatus.RETURNING,
    ParcelStatus.RETURNED,
    ParcelStatus.OUT_FOR_DELIVERY,
    ParcelStatus.IN_TRANSIT,
    ParcelStatus.PICKED_UP,
    ParcelStatus.ANNOUNCED,
)


@dataclass(frozen=True)
class Truth:
    """What stands at the top: the parts of one sentence, and how the news feels."""

    clauses: tuple[Clause, ...]
    tone: Tone


def truth(facts: Facts, *, now: datetime, zone: str) -> Truth:
    """Say how an order stands.

    Args:
        zone: Where the person lives: it decides which day a time falls on.
    """
    eye = _Eye(now, zone)
    order = facts.order
    if order.status is OrderStatus.CANCELLED:
        return _cancelled(facts)
    if order.fulfilment is Fulfilment.RETURNED:
        tone = Tone.WAIT if back(facts).due_minor else Tone.CALM
        return Truth((Clause("truth.returned"), *owed.money_back(facts, is_over=True)), tone)
    told = _on_its_way(facts, eye)
    missing, tone_of_it = owed.short(facts)
    clauses = (*told.clauses, *missing, *owed.money_back(facts, is_over=False))
    return Truth(clauses, tone_of_it or told.tone)


def _on_its_way(facts: Facts, eye: "_Eye") -> Truth:
    status = facts.order.status
    if status is OrderStatus.DELIVERED or facts.has_arrived:
        return _delivered(facts, eye)
    if facts.is_parted:
        return _in_parts(facts, eye)
    if facts.has_moved:
        return _moving(facts, eye) if facts.parcels else _shipped(facts)
    if status is OrderStatus.PAID:
        return _paid(facts, eye)
    return Truth(owed.unpaid(facts, eye.now), Tone.WAIT)


def of_parcel(parcel: Parcel, *, now: datetime, zone: str) -> tuple[Clause, ...]:
    """Say how one parcel stands."""
    return tuple(TOLD_BY_STATUS[parcel.status](parcel, _Eye(now, zone)))


def tone_of(parcel: Parcel, *, now: datetime, zone: str) -> Tone:
    """Say how the news of one parcel feels."""
    return _tone(parcel, _Eye(now, zone))


@dataclass(frozen=True)
class _Eye:
    """When and where the page is read."""

    now: datetime
    zone: str

    def days_from(self, early: datetime, late: datetime) -> int:
        """Count the midnights between two times, on the clocks of the place."""
        place = ZoneInfo(self.zone)
        return (late.astimezone(place).date() - early.astimezone(place).date()).days

    def is_past_day(self, at: datetime) -> bool:
        """Say whether the day of a time is over."""
        return self.days_from(at, self.now) > 0


def _dated(key: str, at: datetime | None) -> Clause:
    return Clause(key, {"at": At(at)}) if at else Clause(f"{key}_undated")


def _cancelled(facts: Facts) -> Truth:
    order = facts.order
    at = order.cancelled_at
    refunds = tuple(owed.money_back(facts, is_over=True))
    tone = Tone.WAIT if back(facts).due_minor else Tone.CALM
    if owed.paid_too_late(facts):
        clauses = (_dated("truth.cancelled_unpaid", at), Clause("truth.paid_late"))
        return Truth((*clauses, *refunds), tone)
    if not (facts.is_paid or facts.refunds):
        key = "truth.cancelled" + ("_unpaid" if facts.cancelled_because == UNPAID else "")
        return Truth((_dated(key, at),), Tone.CALM)
    paid = _dated("truth.cancelled_deposit" if _gave_deposit(facts) else "truth.cancelled_paid", at)
    if order.mirrored:  # whether its own shop gave the money back is not known here
        return Truth((paid,), Tone.WAIT)
    return Truth((paid, *refunds), tone)


def _gave_deposit(facts: Facts) -> bool:
    deposit = facts.order.deposit_minor
    return bool(deposit) and facts.order.paid_minor == deposit


def _delivered(facts: Facts, eye: _Eye) -> Truth:
    """Say that it arrived: by the shop's own word, else by the carrier's of the last parcel."""
    if facts.order.status is OrderStatus.DELIVERED:
        return Truth((_dated("truth.delivered", facts.order.delivered_at),), Tone.GOOD)
    last = max(facts.parcels, key=lambda one: one.last_scan_at or EARLIEST)
    return Truth(tuple(_arrived(last, eye)), Tone.GOOD)


def _shipped(facts: Facts) -> Truth:
    return Truth((_dated("truth.shipped", facts.order.shipped_at),), Tone.CALM)


def _paid(facts: Facts, eye: _Eye) -> Truth:
    if not facts.parcels:
        return Truth((Clause("truth.paid"),), Tone.CALM)
    parcel = facts.parcels[0]
    announced = Clause("truth.paid_announced", {"carrier": Carrier(parcel.carrier)})
    return Truth((announced, *(() if _day(parcel) is None else _arrives(parcel, eye))), Tone.CALM)


def _in_parts(facts: Facts, eye: _Eye) -> Truth:
    """Say how many units left, and how the parcel stands that needs a look first."""
    n = sum(line.quantity for line in facts.order.lines)
    done = min(n, sum(one.quantity for one in facts.left))
    parted = Clause("truth.parted", {"done": done, "n": n}) if done else Clause("truth.parted_some")
    if not facts.under_way:
        return Truth((parted, Clause("truth.rest")), Tone.CALM)
    lead = min(facts.under_way, key=lambda one: _urgency(one, eye))
    first, *more = TOLD_BY_STATUS[lead.status](lead, eye)
    return Truth((parted, Clause("truth.next_parcel", {"clause": first}), *more), _tone(lead, eye))


def _arrived(parcel: Parcel, _eye: _Eye) -> Iterator[Clause]:
    """Say that a carrier reports a parcel as handed over: its word, not yet the shop's."""
    carrier, at = parcel.carrier, parcel.last_scan_at
    if at is None:
        yield Clause("truth.arrived_undated", {"carrier": Carrier(carrier)})
    else:
        yield Clause("truth.arrived", {"carrier": Carrier(carrier), "at": At(at)})


def _moving(facts: Facts, eye: _Eye) -> Truth:
    lead = min(facts.under_way, key=lambda one: _urgency(one, eye))
    clauses = tuple(TOLD_BY_STATUS[lead.status](lead, eye))
    tone = _tone(lead, eye)
    if len(facts.parcels) == 1:
        return Truth(clauses, tone)
    done = len(facts.parcels) - len(facts.under_way)
    count = Clause(
        "truth.part" if done else "truth.several", {"done": done, "n": len(facts.parcels)}
    )
    return Truth((count, Clause("truth.next_parcel", {"clause": clauses[0]}), *clauses[1:]), tone)


def _urgency(parcel: Parcel, eye: _Eye) -> tuple[object, ...]:
    day = _day(parcel)
    return (FIRST.index(parcel.status), day is None, day or eye.now, parcel.id)


def _day(parcel: Parcel) -> datetime | None:
    return parcel.expected_at or parcel.promised_at


def _tone(parcel: Parcel, eye: _Eye) -> Tone:
    if parcel.status in TONES:
        return TONES[parcel.status]
    day = _day(parcel)
    if day and (eye.is_past_day(day) or _days_late(parcel, eye)):
        return Tone.BAD
    quiet = silence(parcel.last_scan_at, eye.now)
    return Tone.WAIT if quiet and quiet >= QUIET_CARRIER else Tone.CALM


def _days_late(parcel: Parcel, eye: _Eye) -> int:
    if parcel.promised_at is None or parcel.expected_at is None:
        return 0
    return max(0, eye.days_from(parcel.promised_at, parcel.expected_at))


def _arrives(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    """Say the expected day, how much later than promised it is, or that it has passed."""
    day, likely = _day(parcel), "_likely" if is_likely(parcel) else ""
    if day is None:
        yield Clause("truth.no_day")
    elif eye.is_past_day(day):
        named = parcel.promised_at or day if likely else day
        yield Clause("truth.overdue", {"day": Day(named), "carrier": Carrier(parcel.carrier)})
    elif late := _days_late(parcel, eye):
        yield Clause(f"truth.late{likely}", {"day": Day(day), "n": late})
    else:
        yield Clause(f"truth.arrives{likely}", {"day": Day(day)})


def _scan(parcel: Parcel) -> Iterator[Clause]:
    at = parcel.last_scan_at
    if at is None:
        yield Clause("truth.never_scanned")
    elif parcel.last_place:
        yield Clause("truth.scan_in", {"ago": Ago(at), "place": parcel.last_place})
    else:
        yield Clause("truth.scan", {"ago": Ago(at)})


def _announced(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    yield Clause("truth.announced", {"carrier": Carrier(parcel.carrier)})
    if _day(parcel):
        yield from _arrives(parcel, eye)


def _in_transit(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    yield from _arrives(parcel, eye)
    yield from _scan(parcel)


def _out(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    at = parcel.last_scan_at
    if at is not None and eye.is_past_day(at):
        yield Clause("truth.was_out", {"day": Day(at)})
    else:
        yield Clause("truth.out")
    yield from _scan(parcel)


def _station(parcel: Parcel, _eye: _Eye) -> Iterator[Clause]:
    place, code = parcel.last_place, parcel.pickup_code
    yield Clause("truth.station_at", {"place": place}) if place else Clause("truth.station")
    if code:
        yield Clause("truth.code", {"code": code})


def _attempt(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    yield _dated("truth.attempt", parcel.last_scan_at)
    yield from _new_day(parcel, eye)


def _exception(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    yield Clause("truth.exception", {"carrier": Carrier(parcel.carrier)})
    yield from _scan(parcel)
    yield from _new_day(parcel, eye)


def _returning(parcel: Parcel, _eye: _Eye) -> Iterator[Clause]:
    yield Clause("truth.returning", {"carrier": Carrier(parcel.carrier)})
    yield from _scan(parcel)


def _came_back(parcel: Parcel, _eye: _Eye) -> Iterator[Clause]:
    yield _dated("truth.came_back", parcel.last_scan_at)


def _new_day(parcel: Parcel, eye: _Eye) -> Iterator[Clause]:
    """Say a day that is still ahead; one that has passed helps nobody here."""
    day = _day(parcel)
    if day and not eye.is_past_day(day):
        yield from _arrives(parcel, eye)


TOLD_BY_STATUS: Mapping[ParcelStatus, Callable[[Parcel, _Eye], Iterator[Clause]]] = {
    ParcelStatus.ANNOUNCED: _announced,
    ParcelStatus.PICKED_UP: _in_transit,
    ParcelStatus.IN_TRANSIT: _in_transit,
    ParcelStatus.OUT_FOR_DELIVERY: _out,
    ParcelStatus.AT_STATION: _station,
    ParcelStatus.ATTEMPT_FAILED: _attempt,
    ParcelStatus.EXCEPTION: _exception,
    ParcelStatus.RETURNING: _returning,
    ParcelStatus.RETURNED: _came_back,
    ParcelStatus.DELIVERED: _arrived,
}
