"""Where a person was seen to open something last: one row each, for the choice of a channel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.people.choices import ChannelName
from app.people.tables import last_opened
from orders_core.ids import PersonId
from orders_core.tx import Tx


def opened(tx: Tx, person_id: PersonId, on: ChannelName, *, now: datetime) -> None:
    """Keep that somebody opened a link of a channel; what was opened later stands."""
    said = insert(last_opened).values(person_id=person_id, channel=on.value, at=now)
    newer = said.on_conflict_do_update(
        index_elements=[last_opened.c.person_id],
        set_={"channel": said.excluded.channel, "at": said.excluded.at},
        where=last_opened.c.at <= said.excluded.at,
    )
    tx.execute(newer)


def last_of(tx: Tx, person_id: PersonId) -> Mapping[str, Any] | None:
    """Return the channel somebody opened something on last, and when; None if never."""
    asked = select(last_opened.c.channel, last_opened.c.at)
    row = tx.execute(asked.where(last_opened.c.person_id == person_id)).one_or_none()
    return dict(row._mapping) if row else None
