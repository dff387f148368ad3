"""What people agreed to and what they chose: per channel, and per category and channel."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.people.choices import Category, ChannelName, Rhythm
from app.people.person import Consent
from app.people.tables import consent, preference, rhythm
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


def choices_of(tx: Tx, person_id: PersonId) -> Choices:
    """Return a person's whole grid, category by channel, as it works today.

    Where nothing was chosen order news is wanted; offers are wanted where they were agreed to.
    """
    grid = {
        (category, channel): category is not Category.OFFERS
        for category in Category
        for channel in ChannelName
    }
    agreed = {given.channel for given in consents_of(tx, person_id) if given.granted}
    grid |= {(Category.OFFERS, channel): True for channel in agreed}
    rows = tx.execute(select(preference).where(preference.c.person_id == person_id))
    for row in rows:
        cell = (Category(row.category), ChannelName(row.channel))
        grid[cell] = row.wanted and grid[cell]
    return grid


def choose(tx: Tx, person_id: PersonId, choices: Choices, *, source: str, now: datetime) -> None:
    """Record what a person chose for themselves; choosing offers is agreeing to advertising there.

    Cells that are not named stay as they are. `source` names where it was said, for the record of
    consent.
    """
    if not choices:
        return
    said = insert(preference)
    values = [
        {
            "person_id": person_id,
            "category": category,
            "channel": channel,
            "wanted": wanted,
            "at": now,
        }
        for (category, channel), wanted in sorted(choices.items())
    ]
    tx.execute(
        said.on_conflict_do_update(
            index_elements=[preference.c.person_id, preference.c.category, preference.c.channel],
            set_={"wanted": said.excluded.wanted, "at": said.excluded.at},
        ),
        values,
    )
    agreed = [
        (person_id, Consent(channel=channel, granted=wanted, source=source, at=now))
        for (category, channel), wanted in choices.items()
        if category is Category.OFFERS
    ]
    grant(tx, agreed)


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
