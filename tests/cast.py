"""The people of the tests.

Ana agreed to everything, Ben to nothing, Chiyo lives in Tokyo, Dee has no e-mail.
"""

from dataclasses import replace

from app.people.choices import ChannelName
from app.people.recipient import Recipient
from orders_core.ids import PersonId, new_id

ALL = dict.fromkeys((str(channel) for channel in ChannelName), True)


def _reached_at(name: str) -> dict[str, tuple[str, ...]]:
    return {
        "inapp": (name,),
        "email": (f"{name}@mail.example",),
        "push": (f"{name}-phone",),
        "sms": ("+8613800138000",),
    }


ANA = Recipient(
    person_id=PersonId(new_id()),
    name="安娜",
    locale="zh",
    zone="Asia/Shanghai",
    addresses=_reached_at("ana"),
    consents=ALL,
)
BEN = replace(
    ANA,
    person_id=PersonId(new_id()),
    name="Ben",
    locale="en",
    addresses=_reached_at("ben"),
    consents={},
)
CHIYO = replace(ANA, person_id=PersonId(new_id()), name="Chiyo", locale="en", zone="Asia/Tokyo")
DEE = replace(
    ANA,
    person_id=PersonId(new_id()),
    name="Dee",
    addresses={channel: to for channel, to in _reached_at("dee").items() if channel != "email"},
)
