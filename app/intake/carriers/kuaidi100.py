"""快递100 (kuaidi100): what its subscription pushes, signed with the salt of the subscription.

The push is a form: `param`, JSON, and `sign`, the MD5 of `param` and the salt in capitals. It
always holds the whole story of a parcel, the newest row first, in China Standard Time. Not answered
as it expects it comes again half an hour later, three times at most.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs

from app.intake.carriers.contract import (
    Answer,
    BadSignature,
    Push,
    Relabelled,
    Subscription,
    Watch,
    is_same,
)
from app.intake.carriers.reading import (
    LONGEST_CARRIER,
    LONGEST_NUMBER,
    LONGEST_PLACE,
    LONGEST_WORDS,
    in_utc,
    name_of,
    object_in,
    object_of,
    objects_in,
    text_in,
)
from orders_core.parcels.parcel import Checkpoint, ParcelStatus
from orders_core.parcels.scan import Scan
from orders_core.parcels.store import Name

CHINA = timezone(timedelta(hours=8))
FORMAT = "%Y-%m-%d %H:%M:%S"
MOST_FIELDS = 20

WATCHES: Mapping[str, Watch] = {
    "polling": Watch.WATCHING,
    "updateall": Watch.WATCHING,
    "shutdown": Watch.FINISHED,
    "abort": Watch.GIVEN_UP,
}

#: The main states; finer ones (three digits and more) begin with the digits of theirs.
STATES: Mapping[str, ParcelStatus] = {
    "0": ParcelStatus.IN_TRANSIT,
    "1": ParcelStatus.PICKED_UP,
    "2": ParcelStatus.EXCEPTION,  # 疑难
    "3": ParcelStatus.DELIVERED,
    "4": ParcelStatus.RETURNED,  # 退签: its sender signed for it
    "5": ParcelStatus.OUT_FOR_DELIVERY,
    "6": ParcelStatus.RETURNING,  # 退回
    "7": ParcelStatus.IN_TRANSIT,  # 转投: handed to another carrier
    "8": ParcelStatus.IN_TRANSIT,  # 清关, and its stages
    "10": ParcelStatus.IN_TRANSIT,
    "11": ParcelStatus.IN_TRANSIT,
    "12": ParcelStatus.IN_TRANSIT,
    "13": ParcelStatus.EXCEPTION,  # 清关异常
    "14": ParcelStatus.EXCEPTION,  # 拒签: refused at the door
}
FINER: Mapping[str, ParcelStatus] = {
    "101": ParcelStatus.ANNOUNCED,  # 已下单
    "102": ParcelStatus.ANNOUNCED,  # 待揽收
    "501": ParcelStatus.AT_STATION,  # 投柜或驿站
    "204": ParcelStatus.ATTEMPT_FAILED,  # 派件异常
    "206": ParcelStatus.ATTEMPT_FAILED,  # 无法联系
}
#: What a row of an older subscription calls its state.
CALLED: Mapping[str, ParcelStatus] = {
    "在途": ParcelStatus.IN_TRANSIT,
    "揽收": ParcelStatus.PICKED_UP,
    "疑难": ParcelStatus.EXCEPTION,
    "签收": ParcelStatus.DELIVERED,
    "退签": ParcelStatus.RETURNED,
    "派件": ParcelStatus.OUT_FOR_DELIVERY,
    "退回": ParcelStatus.RETURNING,
    "转投": ParcelStatus.IN_TRANSIT,
    "转单": ParcelStatus.IN_TRANSIT,
    "清关": ParcelStatus.IN_TRANSIT,
    "拒签": ParcelStatus.EXCEPTION,
    "投柜或驿站": ParcelStatus.AT_STATION,
}
#: Its names of carriers, and ours where they differ.
CARRIERS: Mapping[str, str] = {
    "shunfeng": "sf",
    "yuantong": "yto",
    "zhongtong": "zto",
    "shentong": "sto",
    "jtexpress": "jtexpress",
    "debangkuaidi": "deppon",
    "debangwuliu": "deppon",
    "youzhengguonei": "ems",
}


class Kuaidi100:
    """快递100, an aggregator of the carriers of China."""

    name = "kuaidi100"

    def read_push(self, headers: Mapping[str, str], body: bytes, secret: str) -> Push:  # noqa: ARG002
        """Check `sign`, then read `param`."""
        param, sign = _fields(self.name, body)
        if not is_same(sign.upper(), sign_of(param, secret)):
            raise BadSignature(self.name)
        told = object_of(self.name, param)
        result = object_in(told, "lastResult")
        watch = WATCHES.get(text_in(told, "status", 20), Watch.WATCHING)
        says = text_in(told, "message", LONGEST_WORDS)
        if not result:
            return Push()  # a subscription that found nothing names no parcel
        name = _name(self.name, result)
        return Push(
            subscriptions=(Subscription(name, watch, says),),
            scans=tuple(_scans(name, result)),
            relabelled=tuple(_relabelled(name, told)),
        )

    def answer(self) -> Answer:
        """Return what it stops asking at."""
        return Answer({"result": True, "returnCode": "200", "message": "成功"})


def sign_of(param: str, salt: str) -> str:
    """Return the signature of a push: the algorithm is theirs, MD5 for good or ill."""
    return hashlib.md5((param + salt).encode(), usedforsecurity=False).hexdigest().upper()


def _fields(carrier: str, body: bytes) -> tuple[str, str]:
    try:
        form = parse_qs(body.decode(), strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError:  # not a form, or not UTF-8
        raise BadSignature(carrier) from None
    if "param" not in form or "sign" not in form:
        raise BadSignature(carrier)
    return form["param"][0], form["sign"][0]


def _name(carrier: str, result: Mapping[str, Any]) -> Name:
    code = text_in(result, "com", LONGEST_CARRIER + 1).lower()
    number = text_in(result, "nu", LONGEST_NUMBER + 1)
    return name_of(carrier, CARRIERS.get(code, code), number)


def _scans(name: Name, result: Mapping[str, Any]) -> Iterator[Scan]:
    """Yield the rows; of rows that name no state the newest has that of the whole parcel."""
    latest = _state(text_in(result, "state", 10)) or ParcelStatus.IN_TRANSIT
    for number, row in enumerate(objects_in(result, "data")):
        at = _time(text_in(row, "ftime", 30) or text_in(row, "time", 30))
        if at is None:
            continue
        code = _code(row) or (latest if number == 0 else ParcelStatus.IN_TRANSIT)
        yield Scan(
            *name,
            Checkpoint(
                at=at,
                code=code,
                place=text_in(row, "areaName", LONGEST_PLACE),
                words=text_in(row, "context", LONGEST_WORDS),
            ),
        )


def _code(row: Mapping[str, Any]) -> ParcelStatus | None:
    return _state(text_in(row, "statusCode", 10)) or CALLED.get(text_in(row, "status", 20))


def _state(code: str) -> ParcelStatus | None:
    if code in STATES or code in FINER:
        return FINER.get(code) or STATES[code]
    main = code[:-2] if len(code) > 2 else ""  # noqa: PLR2004 - a finer state adds two digits
    return STATES.get(main)


def _time(text: str) -> datetime | None:
    try:
        return in_utc(datetime.strptime(text, FORMAT).replace(tzinfo=CHINA))
    except ValueError:
        return None


def _relabelled(name: Name, told: Mapping[str, Any]) -> Iterator[Relabelled]:
    """Yield that the parcel was subscribed under a wrong carrier, where 快递100 put that right."""
    old, new = (text_in(told, key, LONGEST_CARRIER).lower() for key in ("comOld", "comNew"))
    if text_in(told, "autoCheck", 5) != "1" or not old or not new or old == new:
        return
    was, now = CARRIERS.get(old, old), CARRIERS.get(new, new)
    if was != now and name[0] == now:
        yield Relabelled((was, name[1]), name)
