"""Who says what a person wants, and where they say it. Pure."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from orders_core.ids import new_id

STAFF_PREFIX = "staff:"


class By(StrEnum):
    """Who it was. Append only: the history is read for years."""

    PERSON = "person"  #: themselves, by a link of theirs
    SHOP = "shop"  #: the shop's own systems, by an API key or an import
    AGENT = "agent"  #: somebody of the shop, logged in


class Door(StrEnum):
    """Where it was said. Append only: the history is read for years."""

    PAGE = "preference_page"
    LEAVE_PAGE = "unsubscribe_page"
    ONE_CLICK = "one_click"  #: the button of a mail program, RFC 8058
    ORDER_PAGE = "order_page"
    API = "api"
    IMPORT = "import"  #: nobody said where: a file, a snapshot, a seed
    REPLY = "reply"  #: an answer to a message of ours, as 退订 by SMS


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One act of somebody, which may change many choices at once.

    `name` is who exactly, as audit shows it; empty for the person themselves. `undoes` is the act
    that this one takes back. `at` is business time.
    """

    by: By
    door: Door
    at: datetime
    name: str = ""
    undoes: UUID | None = None
    act: UUID = field(default_factory=new_id)

    @property
    def told(self) -> str:
        """It, as the triggers that write history read it."""
        return json.dumps(
            {
                "act": str(self.act),
                "by": self.by,
                "name": self.name,
                "door": self.door,
                "at": self.at.isoformat(),
                "undoes": self.undoes and str(self.undoes),
            }
        )


def by_person(door: Door, now: datetime, *, undoes: UUID | None = None) -> Saying:
    """Return an act of the person themselves."""
    return Saying(by=By.PERSON, door=door, at=now, undoes=undoes)


def by_caller(name: str, now: datetime) -> Saying:
    """Return an act of whoever calls the API: a key of the shop's, or somebody of the staff."""
    by = By.AGENT if name.startswith(STAFF_PREFIX) else By.SHOP
    return Saying(by=by, door=Door.API, at=now, name=name)


def imported(now: datetime) -> Saying:
    """Return an act of the shop's own systems, from a file or an event."""
    return Saying(by=By.SHOP, door=Door.IMPORT, at=now)
