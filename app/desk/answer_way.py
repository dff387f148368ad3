"""What is said of an order on its way: where it is, when it leaves and arrives. Pure."""

from collections.abc import Iterator
from datetime import timedelta

from app.desk.said import ENDED, MOST_PARCELS, NOT_SHIPPED, Said, Speaker, Story, state
from app.words import show
from orders_core.orders.order import Fulfilment
from orders_core.parcels.parcel import Parcel, ParcelStatus, is_likely, silence

QUIET_CARRIER = timedelta(hours=24)  # a carrier that scanned nothing for longer is worth a word
HOUR = timedelta(hours=1)


def where(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say how the order stands, and of each parcel its last scan and its day."""
    yield state(story, speaker)
    if story.order.status in ENDED:
        return
    for parcel in story.parcels[-MOST_PARCELS:]:
        yield _parcel(parcel, speaker)
        yield from _scans(parcel, speaker)
        yield from _station(parcel, speaker)
        if parcel.status is not ParcelStatus.DELIVERED:
            yield from _expected(parcel, speaker)


def arrives(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say which day is expected, or that none is."""
    yield state(story, speaker)
    if story.order.status in ENDED:
        return
    moving = [one for one in story.parcels if one.status is not ParcelStatus.DELIVERED]
    for parcel in moving[-MOST_PARCELS:]:
        yield _parcel(parcel, speaker)
        yield from _expected(parcel, speaker)
        yield from _station(parcel, speaker)
    if not any(one.expected_at or one.promised_at for one in moving):
        yield speaker.say("no_expected", "parcel.expected_at", None)


def ships(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say whether it left; no day is named that nobody set."""
    yield state(story, speaker)
    if story.order.status in NOT_SHIPPED and not story.is_ahead:
        yield speaker.say("no_ship_date", "order.shipped_at", None)
    elif story.order.status not in ENDED:
        for parcel in story.parcels[-MOST_PARCELS:]:
            yield _parcel(parcel, speaker)


def stuck(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say how the order stands and when each parcel was last seen: an age, and no guess."""
    yield from where(story, speaker)
    if not story.parcels:
        yield speaker.say("no_parcel", "parcel", None)


def pickup(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say the code that opens the station, or that there is none."""
    waiting = [parcel for parcel in story.parcels if parcel.pickup_code]
    for parcel in waiting[-MOST_PARCELS:]:
        yield from _station(parcel, speaker)
    if waiting:
        return
    yield state(story, speaker)
    if story.parcels:
        status = story.parcels[-1].status
        yield speaker.say("no_pickup", "parcel.pickup_code", None, status=status)


def split(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say in how many parcels it travels; nothing where none is known."""
    count, number = len(story.parcels), story.order.number
    if count == 1:
        yield speaker.say("split_one", "parcel.count", count, number=number)
    elif count:
        yield speaker.say("split", "parcel.count", count, number=number, count=count)
    for parcel in story.parcels[-MOST_PARCELS:]:
        yield _parcel(parcel, speaker)
    if story.order.fulfilment is Fulfilment.PARTLY_SHIPPED:
        yield speaker.say("split_rest", "order.fulfilment", story.order.fulfilment.value)


def _parcel(parcel: Parcel, speaker: Speaker) -> Said:
    return speaker.say(
        "parcel",
        "parcel.status",
        parcel.status.value,
        carrier=show.carrier(speaker.language, parcel.carrier),
        parcel=parcel.number,
        status=parcel.status,
    )


def _scans(parcel: Parcel, speaker: Speaker) -> Iterator[Said]:
    """Say where and when it was last seen, and for how long not: an age, never a guessed place."""
    at = parcel.last_scan_at
    if at is None:
        yield speaker.say("never_scanned", "parcel.last_scan_at", None)
        return
    if parcel.last_place:
        yield speaker.say("scan", "parcel.last_scan_at", at, at=at, place=parcel.last_place)
    else:
        yield speaker.say("scan_nowhere", "parcel.last_scan_at", at, at=at)
    quiet = silence(at, speaker.now)
    if quiet and quiet >= QUIET_CARRIER and parcel.status is not ParcelStatus.DELIVERED:
        hours = quiet // HOUR
        yield speaker.say("silence", "parcel.hours_without_scan", hours, hours=hours)


def _station(parcel: Parcel, speaker: Speaker) -> Iterator[Said]:
    code = parcel.pickup_code
    if not code:
        return
    if parcel.last_place and parcel.status is ParcelStatus.AT_STATION:
        yield speaker.say(
            "pickup_at", "parcel.pickup_code", code, code=code, place=parcel.last_place
        )
    else:
        yield speaker.say("pickup", "parcel.pickup_code", code, code=code)


def _expected(parcel: Parcel, speaker: Speaker) -> Iterator[Said]:
    """Say the expected day; a day that has passed is said to have passed."""
    expected, promised = parcel.expected_at or parcel.promised_at, parcel.promised_at
    if expected is None:
        return
    day, likely = speaker.day(expected), "_likely" if is_likely(parcel) else ""
    if expected < speaker.now - timedelta(days=1):
        named = speaker.day(promised) if likely and promised else day
        yield speaker.say("overdue", "parcel.expected_at", expected, day=named)
    elif promised and promised < expected and speaker.day(promised) != day:
        told = speaker.day(promised)
        yield speaker.say(f"late{likely}", "parcel.expected_at", expected, promised=told, day=day)
    else:
        yield speaker.say(f"expected{likely}", "parcel.expected_at", expected, day=day)
