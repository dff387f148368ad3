"""A scripted carrier: writes the pushes that a real one would send, well-behaved or not.

For tests, demos, and whoever wants to see their own installation take a bad day: pushes come twice,
out of order, late, and some are signed with a wrong secret.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from urllib.parse import urlencode

from app.intake.carriers import easypost, kuaidi100
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.store import Name

WRONG = "not-the-secret"
STATE_OF: Mapping[ParcelStatus, str] = {
    ParcelStatus.ANNOUNCED: "101",
    ParcelStatus.PICKED_UP: "1",
    ParcelStatus.IN_TRANSIT: "0",
    ParcelStatus.AT_STATION: "501",
    ParcelStatus.OUT_FOR_DELIVERY: "5",
    ParcelStatus.ATTEMPT_FAILED: "204",
    ParcelStatus.EXCEPTION: "2",
    ParcelStatus.DELIVERED: "3",
    ParcelStatus.RETURNING: "6",
    ParcelStatus.RETURNED: "4",
}
STATUS_OF: Mapping[ParcelStatus, str] = {
    ours: theirs for theirs, ours in reversed([*easypost.STATUSES.items()])
} | {ParcelStatus.PICKED_UP: "in_transit"}


@dataclass(frozen=True)
class Request:
    """One push as it goes over the wire."""

    headers: Mapping[str, str]
    body: bytes
    is_forged: bool = False


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How a carrier behaves: shares of its pushes, 0 to 1."""

    twice: float = 0.0
    forged: float = 0.0
    is_shuffled: bool = False


Writer = Callable[[Name, Sequence[Checkpoint], str], Request]
WELL_BEHAVED = Manners()


def kuaidi100_push(name: Name, said: Sequence[Checkpoint], secret: str) -> Request:
    """Write the push of 快递100: the whole story so far, the newest first, in China's time."""
    ours_to_theirs = {ours: theirs for theirs, ours in kuaidi100.CARRIERS.items()}
    newest_first = sorted(said, key=lambda one: one.at, reverse=True)
    is_over = newest_first[0].code is ParcelStatus.DELIVERED
    param = json.dumps(
        {
            "status": "shutdown" if is_over else "polling",
            "message": "",
            "autoCheck": "0",
            "lastResult": {
                "state": STATE_OF[newest_first[0].code],
                "com": ours_to_theirs.get(name[0], name[0]),
                "nu": name[1],
                "data": [
                    {
                        "ftime": one.at.astimezone(kuaidi100.CHINA).strftime(kuaidi100.FORMAT),
                        "context": one.words,
                        "areaName": one.place,
                        "statusCode": STATE_OF[one.code],
                    }
                    for one in newest_first
                ],
            },
        },
        ensure_ascii=False,
    )
    form = urlencode({"sign": kuaidi100.sign_of(param, secret), "param": param})
    return Request({"content-type": "application/x-www-form-urlencoded"}, form.encode())


def easypost_push(name: Name, said: Sequence[Checkpoint], secret: str) -> Request:
    """Write the push of EasyPost: the tracker with its details so far."""
    last = max(said, key=lambda one: one.at)
    tracker = {
        "object": "Tracker",
        "carrier": name[0].upper(),
        "tracking_code": name[1],
        "status": STATUS_OF.get(last.code, "unknown"),
        "est_delivery_date": last.expected_at.isoformat() if last.expected_at else None,
        "tracking_details": [
            {
                "object": "TrackingDetail",
                "datetime": one.at.isoformat(),
                "status": STATUS_OF.get(one.code, "unknown"),
                "message": one.words,
                "tracking_location": {"city": one.place},
            }
            for one in said
        ],
    }
    event = {"object": "Event", "description": "tracker.updated", "result": tracker}
    event["id"] = "evt_" + hashlib.sha256(repr(event).encode()).hexdigest()[:32]
    body = json.dumps(event).encode()
    headers = {
        "content-type": "application/json",
        easypost.HEADER: easypost.signature_of(body, secret),
    }
    return Request(headers, body)


WRITERS: Mapping[str, Writer] = {"kuaidi100": kuaidi100_push, "easypost": easypost_push}


def pushes(
    carrier: str,
    journeys: Mapping[Name, Sequence[Checkpoint]],
    *,
    secret: str,
    dice: Random,
    manners: Manners = WELL_BEHAVED,
) -> Sequence[Request]:
    """Return the pushes of several parcels' journeys: one for each checkpoint, with all before it.

    A journey is in time order. However bad the manners, each journey's last push is among them,
    rightly signed.
    """
    made = [
        one
        for name, said in sorted(journeys.items())
        for length in range(1, len(said) + 1)
        for one in _sent(WRITERS[carrier], name, said[:length], secret, dice, manners)
    ]
    if manners.is_shuffled:
        dice.shuffle(made)
    return made


def _sent(
    write: Writer,
    name: Name,
    said: Sequence[Checkpoint],
    secret: str,
    dice: Random,
    manners: Manners,
) -> Iterator[Request]:
    yield write(name, said, secret)
    if dice.random() < manners.twice:
        yield write(name, said, secret)
    if dice.random() < manners.forged:
        lie = [*said[:-1], replace(said[-1], code=ParcelStatus.DELIVERED)]
        yield replace(write(name, lie, WRONG), is_forged=True)


def play(script: Sequence[Request], send: Callable[[Request], int]) -> Mapping[int, int]:
    """Send a script; return how often each HTTP status was answered."""
    answered: dict[int, int] = {}
    for request in script:
        status = send(request)
        answered[status] = answered.get(status, 0) + 1
    return answered
