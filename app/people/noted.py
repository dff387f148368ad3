"""The tables whose changes become lines of a person's history, and the trigger SQL that does it.

Whatever writes a choice, in whichever room, by whatever statement: the line is written in the same
transaction. Who says it and where is told by `history_store.note`; unsaid, it was an import.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MADE = re.compile(r"CREATE FUNCTION (\w+)")
SAYING = """\
CREATE FUNCTION saying() RETURNS TABLE
  (act uuid, said_by text, name text, door text, at timestamptz, undoes uuid)
LANGUAGE sql VOLATILE ROWS 1 AS $$
  SELECT coalesce((told->>'act')::uuid, uuid7()), coalesce(told->>'by', 'shop'),
         coalesce(told->>'name', ''), coalesce(told->>'door', 'import'),
         coalesce((told->>'at')::timestamptz, clock_timestamp()), (told->>'undoes')::uuid
  FROM nullif(current_setting('orderbell.saying', true), '') AS text,
       LATERAL (SELECT text::jsonb) AS as_json (told)
$$"""
COLUMNS = "id, person_id, act, said_by, name, door, at, undoes, about, cell, was, became"
SAID = "s.act, s.said_by, s.name, s.door, s.at, s.undoes"
MASKED = """\
CASE WHEN strpos({row}.address, '@') > 0
                   THEN left({row}.address, 1) || '•••@' || split_part({row}.address, '@', 2)
                 WHEN length({row}.address) > 8 THEN '•••' || right({row}.address, 4)
                 ELSE '•••' END"""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One kind of choice. The expressions are SQL over `{row}`, a row of the table.

    `about` says what was chosen, `cell` of which thing, `value` how, as jsonb; NULL there is no
    choice. `key` names the columns that tell one choice from another.
    """

    name: str
    table: str
    key: Sequence[str]
    about: str
    cell: str
    value: str
    is_of_all: bool = True  # whether a new row is a choice; of people it is only their data
    person: str = "person_id"

    def triggers(self) -> Sequence[str]:
        """Name every trigger the table must have for it."""
        kinds = ("added", "changed", "dropped") if self.is_of_all else ("changed",)
        return [f"{self.name}_{kind}" for kind in kinds]


NOTED = (
    Noted(
        name="preference_noted",
        table="preference",
        key=("category", "channel"),
        about="'preference'",
        cell="{row}.category || '.' || {row}.channel",
        value="to_jsonb({row}.wanted)",
    ),
    Noted(
        name="consent_noted",
        table="consent",
        key=("channel",),
        about="'consent'",
        cell="{row}.channel",
        value="to_jsonb({row}.granted)",
    ),
    Noted(
        name="rhythm_noted",
        table="rhythm",
        key=("channel",),
        about="'rhythm'",
        cell="{row}.channel",
        value="to_jsonb({row}.rhythm)",
    ),
    Noted(
        name="quiet_noted",
        table="calm",
        key=(),
        about="'quiet'",
        cell="''",
        value="""CASE WHEN {row}.quiet_from IS NOT NULL THEN jsonb_build_object(
                   'from', to_char({row}.quiet_from, 'HH24:MI'),
                   'until', to_char({row}.quiet_until, 'HH24:MI'),
                   'days', {row}.quiet_days) END""",
    ),
    Noted(
        name="pause_noted",
        table="calm",
        key=(),
        about="'pause'",
        cell="''",
        value="to_jsonb({row}.paused_until)",
    ),
    Noted(
        name="mute_noted",
        table="muted_order",
        key=("order_id",),
        about="'mute'",
        cell="{row}.order_id::text",
        value="to_jsonb(true)",
    ),
    Noted(
        name="more_noted",
        table="told_more",
        key=("order_id",),
        about="'more'",
        cell="{row}.order_id::text",
        value="to_jsonb({row}.channel)",
    ),
    Noted(
        name="language_noted",
        table="person",
        key=(),
        about="'language'",
        cell="''",
        value="to_jsonb({row}.locale)",
        is_of_all=False,
        person="id",
    ),
    Noted(
        name="contact_noted",
        table="contact",
        key=("id",),
        about="CASE {row}.channel WHEN 'push' THEN 'device' ELSE 'address' END",
        cell="CASE {row}.channel WHEN 'push' THEN {row}.id::text ELSE {row}.channel END",
        value="to_jsonb(CASE {row}.channel WHEN 'push' THEN {row}.name ELSE " + MASKED + " END)",
    ),
)


def script(noted: Noted) -> str:
    """Return the SQL that makes one kind of choice noted; `saying` is made before."""
    return "\n\n".join(f"{statement};" for statement in _statements(noted))


def functions() -> list[str]:
    """Name every function that is made."""
    return MADE.findall("\n".join([SAYING, *map(script, NOTED)]))


def _statements(noted: Noted) -> Iterator[str]:
    yield _function(noted)
    yield from _triggers(noted)


def _triggers(noted: Noted) -> Iterator[str]:
    rows = {
        "added": ("INSERT", "REFERENCING NEW TABLE AS new_rows"),
        "changed": ("UPDATE", "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        "dropped": ("DELETE", "REFERENCING OLD TABLE AS old_rows"),
    }
    for trigger in noted.triggers():
        when, tables = rows[trigger.rpartition("_")[2]]
        yield (
            f"CREATE TRIGGER {trigger} AFTER {when} ON {noted.table}\n"
            f"{tables} FOR EACH STATEMENT EXECUTE FUNCTION {noted.name}()"
        )


def _function(noted: Noted) -> str:
    old, new = noted.value.format(row="o"), noted.value.format(row="n")
    same = " AND ".join(f"n.{column} = o.{column}" for column in (noted.person, *noted.key))
    branches = {
        "INSERT": _line(noted, "n", "NULL", new, f"new_rows n, saying() s WHERE {new} IS NOT NULL"),
        "DELETE": _line(noted, "o", old, "NULL", f"old_rows o, saying() s WHERE {old} IS NOT NULL"),
        "UPDATE": _line(
            noted,
            "n",
            old,
            new,
            f"old_rows o JOIN new_rows n ON {same}, saying() s\n"
            f"    WHERE {old} IS DISTINCT FROM {new}",
        ),
    }
    wanted = list(branches) if noted.is_of_all else ["UPDATE"]
    body = "\n".join(f"  IF TG_OP = '{one}' THEN\n{branches[one]}\n  END IF;" for one in wanted)
    return f"""\
CREATE FUNCTION {noted.name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{body}
  RETURN NULL;
END $$"""


def _line(noted: Noted, row: str, was: str, became: str, rows: str) -> str:
    about, cell = noted.about.format(row=row), noted.cell.format(row=row)
    return f"""\
    INSERT INTO choice ({COLUMNS})
    SELECT uuid7(), {row}.{noted.person}, {SAID},
           {about}, {cell},
           {was},
           {became}
    FROM {rows};"""
