"""People and their addresses. Everything takes many at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from app.people.calm import days_of
from app.people.choice_store import consents_of, grant
from app.people.choices import ChannelName
from app.people.hours import Window
from app.people.person import Person, Profile, name_of
from app.people.recipient import Habits, Recipient, inbox_of
from app.people.tables import contact, person
from orders_core.errors import NotFound
from orders_core.ids import PersonId, new_id, show
from orders_core.tx import Tx, ids_array

PERSON = [column for column in person.c if column.name != "erased_at"]
ADD_PEOPLE = """
INSERT INTO person (id, reference, name, locale, zone, created_at)
SELECT said.*, %(now)s::timestamptz
FROM unnest(%(ids)s::uuid[], %(references)s::text[], %(names)s::text[],
            %(locales)s::text[], %(zones)s::text[]) AS said
ORDER BY 2
ON CONFLICT (reference) DO NOTHING
"""
# In order, so that two batches wait for each other and never in a ring; keys stay free for others.
HOLD_PEOPLE = """
SELECT id FROM person WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
"""
CHANGE_PEOPLE = """
UPDATE person SET name = coalesce(said.name, person.name),
                  locale = coalesce(said.locale, person.locale),
                  zone = coalesce(said.zone, person.zone)
FROM unnest(%(ids)s::uuid[], %(names)s::text[], %(locales)s::text[], %(zones)s::text[])
     AS said (id, name, locale, zone)
WHERE person.id = said.id
  AND (coalesce(said.name, person.name), coalesce(said.locale, person.locale),
       coalesce(said.zone, person.zone)) IS DISTINCT FROM (person.name, person.locale, person.zone)
"""
# Of each channel that something was said of, the one address said stays, or none.
DROP_CONTACTS = """
DELETE FROM contact USING unnest(%(people)s::uuid[], %(channels)s::text[], %(addresses)s::text[])
     AS said (person_id, channel, address)
WHERE contact.person_id = said.person_id AND contact.channel = said.channel
  AND contact.address IS DISTINCT FROM said.address
"""
ADD_CONTACTS = """
INSERT INTO contact (id, person_id, channel, address, added_at)
SELECT said.*, %(now)s::timestamptz
FROM unnest(%(ids)s::uuid[], %(people)s::uuid[], %(channels)s::text[], %(addresses)s::text[])
     AS said
ON CONFLICT DO NOTHING
"""
RECIPIENTS = """
SELECT id, name, locale, zone, quiet_from, quiet_until, quiet_days, paused_until,
       (SELECT jsonb_agg(jsonb_build_array(channel, address)
                         ORDER BY coalesce(seen_at, added_at) DESC, contact.id DESC)
          FROM contact WHERE person_id = person.id) AS contacts,
       (SELECT jsonb_object_agg(channel, granted)
          FROM consent WHERE person_id = person.id) AS consents,
       (SELECT jsonb_agg(jsonb_build_array(category, channel, wanted))
          FROM preference WHERE person_id = person.id) AS preferences,
       (SELECT jsonb_object_agg(channel, rhythm)
          FROM rhythm WHERE person_id = person.id) AS rhythms,
       last_opened.channel AS opened_on, last_opened.at AS opened_at,
       tired.percent AS tired_percent, tired.because AS tired_because, habit.seen AS habits
FROM person LEFT JOIN calm ON calm.person_id = person.id
            LEFT JOIN last_opened ON last_opened.person_id = person.id
            LEFT JOIN tired ON tired.person_id = person.id
            LEFT JOIN habit ON habit.person_id = person.id
WHERE id = ANY(%(ids)s::uuid[]) AND erased_at IS NULL
"""


def upsert(
    tx: Tx, profiles: Sequence[Profile], *, locale: str, zone: str, now: datetime
) -> list[PersonId]:
    """Write what the shop says of people, by their references; return their ids in the same order.

    `locale` and `zone` stand for new people of whom nothing was said. Someone named twice is taken
    in the order given.
    """
    merged = _merged(profiles)
    references = sorted(merged)
    said = [merged[reference] for reference in references]
    tx.exec_driver_sql(
        ADD_PEOPLE,
        {
            "now": now,
            "ids": [new_id() for _ in references],
            "references": references,
            "names": [profile.name or "" for profile in said],
            "locales": [profile.locale or locale for profile in said],
            "zones": [profile.zone or zone for profile in said],
        },
    )
    ids = by_reference(tx, references)
    change(tx, {ids[reference]: merged[reference] for reference in references}, now=now)
    return [ids[profile.reference] for profile in profiles]


def change(tx: Tx, said: Mapping[PersonId, Profile], *, now: datetime) -> None:
    """Write what the shop says of people we know, whatever reference the profiles name.

    Whoever changes the same person at the same time waits. Locks: people by id.
    """
    tx.exec_driver_sql(HOLD_PEOPLE, {"ids": list(said)})
    tx.exec_driver_sql(
        CHANGE_PEOPLE,
        {
            "ids": list(said),
            "names": [profile.name for profile in said.values()],
            "locales": [profile.locale for profile in said.values()],
            "zones": [profile.zone for profile in said.values()],
        },
    )
    _replace_contacts(tx, {who: profile.contacts for who, profile in said.items()}, now)
    grant(tx, [(who, given) for who, profile in said.items() for given in profile.consents])


def _merged(profiles: Iterable[Profile]) -> dict[str, Profile]:
    merged: dict[str, Profile] = {}
    for late in profiles:
        early = merged.get(late.reference, Profile(reference=late.reference))
        merged[late.reference] = Profile(
            reference=late.reference,
            name=early.name if late.name is None else late.name,
            locale=late.locale or early.locale,
            zone=late.zone or early.zone,
            contacts={**early.contacts, **late.contacts},
            consents=(*early.consents, *late.consents),
        )
    return merged


def by_reference(tx: Tx, references: Sequence[str]) -> Mapping[str, PersonId]:
    """Find people by the shop's own ids of them; the unknown are absent."""
    rows = tx.execute(
        select(person.c.reference, person.c.id).where(person.c.reference.in_(references))
    )
    return {reference: PersonId(found) for reference, found in rows}


def known_people(tx: Tx, person_ids: Collection[PersonId]) -> Collection[PersonId]:
    """Say which of these people there are; who was erased is not."""
    wanted = select(person.c.id).where(person.c.id.in_(person_ids), person.c.erased_at.is_(None))
    return {PersonId(found) for found in tx.scalars(wanted)}


def reached_at(tx: Tx, channel: ChannelName, address: str) -> Sequence[PersonId]:
    """Return everybody who is reached at an address, in the order of ids."""
    here = select(contact.c.person_id).where(
        contact.c.channel == channel, contact.c.address == address
    )
    return [PersonId(found) for found in tx.scalars(here.order_by(contact.c.person_id))]


def named(tx: Tx, names: Sequence[PersonId | str]) -> Mapping[PersonId | str, PersonId]:
    """Find people by our ids or by the shop's own references; the unknown are absent."""
    ids = [PersonId(name) for name in names if not isinstance(name, str)]
    known = known_people(tx, ids)
    found = by_reference(tx, [name for name in names if isinstance(name, str)])
    return {one: one for one in ids if one in known} | dict(found)


def person_of(tx: Tx, who: str) -> PersonId:
    """Find the person that a caller names, by our id or by the shop's own reference.

    Raises:
        NotFound: If there is none.
    """
    name = name_of(who)
    known = named(tx, [name])
    if name not in known:
        raise NotFound("person", who)
    return known[name]


def _replace_contacts(
    tx: Tx, wanted: Mapping[PersonId, Mapping[ChannelName, str | None]], now: datetime
) -> None:
    said = [(who, channel, to) for who, those in wanted.items() for channel, to in those.items()]
    if not said:
        return
    people, channels, addresses = map(list, zip(*said, strict=True))
    tx.exec_driver_sql(
        DROP_CONTACTS, {"people": people, "channels": channels, "addresses": addresses}
    )
    _add_contacts(tx, [(who, channel, to) for who, channel, to in said if to is not None], now)


def _add_contacts(tx: Tx, rows: Sequence[tuple[PersonId, ChannelName, str]], now: datetime) -> None:
    if not rows:
        return
    people, channels, addresses = map(list, zip(*rows, strict=True))
    said = {"people": people, "channels": channels, "addresses": addresses}
    tx.exec_driver_sql(ADD_CONTACTS, {"ids": [new_id() for _ in rows], "now": now, **said})


def recipients(tx: Tx, person_ids: Iterable[PersonId]) -> Mapping[PersonId, Recipient]:
    """Read all that a decision needs of these people; the unknown are absent."""
    rows = tx.exec_driver_sql(RECIPIENTS, {"ids": ids_array(set(person_ids))}).all()
    return {PersonId(row.id): _recipient(row) for row in rows}


def _recipient(row: Row[Any]) -> Recipient:
    person_id = PersonId(row.id)
    addresses = dict(inbox_of(person_id))
    for channel, address in row.contacts or ():
        addresses[channel] = (*addresses.get(channel, ()), address)
    return Recipient(
        person_id=person_id,
        name=row.name,
        locale=row.locale,
        zone=row.zone,
        addresses=addresses,
        consents=row.consents or {},
        preferences={(about, on): wanted for about, on, wanted in row.preferences or ()},
        rhythms=row.rhythms or {},
        quiet=_quiet(row),
        paused_until=row.paused_until,
        opened=(row.opened_on, row.opened_at.astimezone(UTC).date()) if row.opened_on else None,
        habits=_habits(row.habits) if row.habits else {},
        tired=(row.tired_percent, row.tired_because) if row.tired_because else None,
    )


def _habits(kept: Mapping[str, Mapping[str, Sequence[int]]]) -> Habits:
    return {
        about: {channel: (mean, deviation) for channel, (_, _, mean, deviation) in seen.items()}
        for about, seen in kept.items()
    }


def _quiet(row: Row[Any]) -> Window | None:
    if row.quiet_from is None:
        return None
    return Window(row.quiet_from, row.quiet_until, days_of(row.quiet_days))


def require(tx: Tx, person_id: PersonId) -> None:
    """Check that there is such a person.

    Raises:
        NotFound: If there is not.
    """
    if person_id not in known_people(tx, [person_id]):
        raise NotFound("person", show("per", person_id))


def find(tx: Tx, name: PersonId | str) -> Person:
    """Return a person by our id or by the shop's own reference.

    Raises:
        NotFound: If there is none.
    """
    by: ColumnElement[bool] = (
        person.c.reference == name if isinstance(name, str) else person.c.id == name
    )
    known = select(*PERSON).where(by, person.c.erased_at.is_(None))
    row = tx.execute(known).one_or_none()
    if row is None:
        raise NotFound("person", name if isinstance(name, str) else show("per", name))
    person_id = PersonId(row.id)
    return Person(
        **{**row._mapping, "id": person_id},
        contacts=recipients(tx, [person_id])[person_id].addresses,
        consents=consents_of(tx, person_id),
    )
