"""What people agreed to and what they chose: per channel, and per category and channel."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.people import mute_store
from app.people.choices import Category, ChannelName, Rhythm
from app.people.levels import ANY, Cell, Ruled, covered, refused_steps, ruled, wishes_of
from app.people.person import Consent
from app.people.shop_wishes import shop_wishes
from app.people.tables import consent, preference, rhythm
from orders_core.errors import CoreError
from orders_core.ids import PersonId
from orders_core.tx import Tx

GRANT = """
INSERT INTO consent (person_id, channel, granted, source, at)
SELECT * FROM unnest(%(people)s::uuid[], %(channels)s::text[], %(granted)s::boolean[],
                     %(sources)s::text[], %(times)s::timestamptz[])
ON CONFLICT (person_id, channel) DO UPDATE
SET granted = excluded.granted, source = excluded.source, at = excluded.at
WHERE consent.at <= excluded.at
"""

Choices = Mapping[tuple[Category, ChannelName], bool]
Grid = Mapping[tuple[Category, ChannelName], Ruled]


def grant(tx: Tx, consents: Sequence[tuple[PersonId, Consent]]) -> None:
    """Record agreement or withdrawal per channel; of two the later by its own time stands."""
    latest = {(who, given.channel): given for who, given in sorted(consents, key=_given_at)}
    if not latest:
        return
    rows = [
        (who, channel, given.granted, given.source, given.at)
        for (who, channel), given in sorted(latest.items(), key=lambda entry: entry[0])
    ]
    names = ("people", "channels", "granted", "sources", "times")
    tx.exec_driver_sql(GRANT, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _given_at(entry: tuple[PersonId, Consent]) -> datetime:
    return entry[1].at


def consents_of(tx: Tx, person_id: PersonId) -> tuple[Consent, ...]:
    """Return what a person agreed to or took back, by channel, with its source and time."""
    rows = tx.execute(
        select(consent).where(consent.c.person_id == person_id).order_by(consent.c.channel)
    )
    return tuple(
        Consent(channel=ChannelName(row.channel), granted=row.granted, source=row.source, at=row.at)
        for row in rows
    )


class ChoiceLocked(CoreError):
    """The shop decided this for everybody who said nothing of it; it cannot be chosen."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = sorted(".".join(cell) for cell in cells)
        named = ", ".join(self.cells)
        super().__init__(f"the shop locked {named}; leave that out to change the rest")

    @property
    def facts(self) -> Mapping[str, Sequence[str]]:
        """What a program needs of it."""
        return {"locked": self.cells}


def choices_of(tx: Tx, person_id: PersonId) -> Choices:
    """Return a person's whole grid, category by channel, as it works today."""
    return {cell: found.wanted for cell, found in grid_of(tx, person_id).items()}


def grid_of(tx: Tx, person_id: PersonId) -> Grid:
    """Return a person's whole grid as it works today, each cell with the level that says so.

    Offers are wanted only where they were agreed to, whatever else was said.
    """
    said, shop = said_by(tx, person_id), wishes_of(shop_wishes(tx))
    agreed = {given.channel for given in consents_of(tx, person_id) if given.granted}
    grid = {
        (category, channel): ruled(said, shop, category, channel)
        for category in Category
        for channel in ChannelName
    }
    for channel in ChannelName:
        found = grid[Category.OFFERS, channel]
        if found.wanted and channel not in agreed:
            grid[Category.OFFERS, channel] = Ruled(wanted=False, level=found.level)
    return grid


def said_by(tx: Tx, person_id: PersonId) -> dict[Cell, bool]:
    """Return what a person said themselves, wide or narrow."""
    rows = tx.execute(
        select(preference.c.category, preference.c.channel, preference.c.wanted).where(
            preference.c.person_id == person_id
        )
    )
    return {(row.category, row.channel): row.wanted for row in rows}


def choose(
    tx: Tx,
    person_id: PersonId,
    choices: Mapping[Cell, bool | None] | Choices,
    *,
    source: str,
    now: datetime,
    past_locks: bool = False,
) -> None:
    """Record what a person chose for themselves; choosing offers is agreeing to advertising there.

    Cells that are not named stay as they are; None takes back what was said of one. Category and
    channel may be `ANY`; what is said of everything agrees to nothing. A no to order news on a
    channel ends being told more of single orders there. `source` names where it was said, for the
    record of consent. `past_locks` is for leaving, which no shop can lock.

    Raises:
        ChoiceLocked: If the shop locked a cell that is named; nothing is written then.
    """
    if not past_locks:
        _refuse_locked(tx, person_id, choices)
    _take_back(tx, person_id, [cell for cell, wanted in choices.items() if wanted is None])
    told = {cell: wanted for cell, wanted in choices.items() if wanted is not None}
    if not told:
        return
    _write_down(tx, person_id, told, now)
    mute_store.tell_no_more_on(tx, person_id, refused_steps(told))
    agreed = [
        (person_id, Consent(channel=one, granted=wanted, source=source, at=now))
        for (category, channel), wanted in told.items()
        if category == Category.OFFERS
        for one in (ChannelName if channel == ANY else [ChannelName(channel)])
    ]
    grant(tx, agreed)


def _write_down(
    tx: Tx, person_id: PersonId, told: Mapping[Cell, bool] | Choices, now: datetime
) -> None:
    said = insert(preference)
    values = [
        {
            "person_id": person_id,
            "category": category,
            "channel": channel,
            "wanted": wanted,
            "at": now,
        }
        for (category, channel), wanted in sorted(told.items())
    ]
    tx.execute(
        said.on_conflict_do_update(
            index_elements=[preference.c.person_id, preference.c.category, preference.c.channel],
            set_={"wanted": said.excluded.wanted, "at": said.excluded.at},
        ),
        values,
    )


def choose_widely(
    tx: Tx, person_id: PersonId, cell: Cell, *, wanted: bool, source: str, now: datetime
) -> None:
    """Record a choice of many cells at once, in place of all that was said of them before."""
    narrower = covered(cell, said_by(tx, person_id))
    choices = {**dict.fromkeys(narrower), cell: wanted}
    choose(tx, person_id, choices, source=source, now=now)


def _refuse_locked(
    tx: Tx, person_id: PersonId, choices: Mapping[Cell, bool | None] | Choices
) -> None:
    """Refuse what the shop decides; what was said before a lock may be said again or taken back."""
    locks = {cell[:2] for cell in shop_wishes(tx) if cell[3]} & set(choices)
    if locks and (locked := locks - set(said_by(tx, person_id))):
        raise ChoiceLocked(sorted(locked))


def _take_back(tx: Tx, person_id: PersonId, cells: Sequence[Cell]) -> None:
    if not cells:
        return
    tx.execute(
        delete(preference).where(
            preference.c.person_id == person_id,
            tuple_(preference.c.category, preference.c.channel).in_(cells),
        )
    )


def choose_rhythms(
    tx: Tx,
    person_id: PersonId,
    rhythms: Mapping[ChannelName, Rhythm],
    *,
    source: str,
    now: datetime,
) -> None:
    """Record how often a person wants each channel to ring for news that can wait.

    Channels that are not named stay as they are. `source` names where it was said.
    """
    if not rhythms:
        return
    said = insert(rhythm)
    tx.execute(
        said.on_conflict_do_update(
            index_elements=[rhythm.c.person_id, rhythm.c.channel],
            set_={
                "rhythm": said.excluded.rhythm,
                "source": said.excluded.source,
                "at": said.excluded.at,
            },
        ),
        [
            {"person_id": person_id, "channel": on, "rhythm": how, "source": source, "at": now}
            for on, how in sorted(rhythms.items())
        ],
    )


def rhythms_of(tx: Tx, person_id: PersonId) -> dict[ChannelName, Rhythm | None]:
    """Return how often a person wants each channel to ring; None where they chose nothing."""
    rows = tx.execute(
        select(rhythm.c.channel, rhythm.c.rhythm).where(rhythm.c.person_id == person_id)
    )
    chosen = {ChannelName(on): Rhythm(how) for on, how in rows}
    return {on: chosen.get(on) for on in ChannelName}
