"""What a tracked table is, and the trigger SQL that makes one.

A tracked table cannot change silently: AFTER statement triggers with transition tables write one
history row and one outbox row for each changed row, in the statement's own transaction. A BEFORE
trigger counts `version` up when a tracked column changes. Keys may not change, rows may not be
deleted and the table may not be truncated.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MADE = re.compile(r"CREATE FUNCTION (\w+)")
ABOUT_THE_CHANGE = ("ring", "changed_by", "change_reason", "changed_at")


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """A table whose changes become events.

    `type_of_insert` and `type_of_update` are SQL expressions for the event's type, over the row
    `n` (new) and, for an update, `o` (old). `counters` are columns that rows of other tables
    explain, such as movements: they change without an event. `derived` names a column and the SQL
    expression over `NEW` that the database keeps it at.
    """

    table: str
    entity: str
    columns: Sequence[str]
    type_of_insert: str
    type_of_update: str
    counters: Sequence[str] = ()
    derived: tuple[str, str] | None = None

    def triggers(self) -> Sequence[str]:
        """Name every trigger the table must have."""
        kinds = ["inserted", "updated", "versioned", "kept", "whole"]
        if self.derived:
            kinds.append("derived")
        return [f"{self.table}_{kind}" for kind in kinds]


def statements(tracked: Tracked) -> Iterator[str]:
    """Yield the SQL that makes a table tracked: its functions, then its triggers."""
    yield _inserted(tracked)
    yield _updated(tracked)
    yield _versioned(tracked)
    yield _kept(tracked)
    table = tracked.table
    if tracked.derived:
        yield _derived(table, *tracked.derived)
        yield (
            f"CREATE TRIGGER {table}_derived BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_derived()"
        )
    differs = f"({_list('OLD', tracked)}) IS DISTINCT FROM ({_list('NEW', tracked)})"
    yield (
        f"CREATE TRIGGER {table}_inserted AFTER INSERT ON {table}"
        f" REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION {table}_inserted()"
    )
    yield (
        f"CREATE TRIGGER {table}_updated AFTER UPDATE ON {table}"
        " REFERENCING OLD TABLE AS before NEW TABLE AS after"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_updated()"
    )
    yield (
        f"CREATE TRIGGER {table}_versioned BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (OLD.id <> NEW.id OR OLD.version <> NEW.version OR {differs})"
        f" EXECUTE FUNCTION {table}_versioned()"
    )
    yield (
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
    )
    yield (
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
    )


def script_of(tables: Sequence[Tracked]) -> str:
    """Return the SQL that makes every one of the tables tracked, whatever it was before."""
    parts = ["-- What makes a table tracked, as orders_core.outbox.tracked generates it.\n"]
    for tracked in tables:
        functions = [match[1] for made in statements(tracked) if (match := MADE.match(made))]
        drops = [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in functions]
        parts += [f"{statement};\n" for statement in (*drops, *statements(tracked))]
    return "\n".join(parts)


def _list(row: str, tracked: Tracked) -> str:
    return ", ".join(f"{row}.{column}" for column in tracked.columns)


def _json(row: str, tracked: Tracked) -> str:
    pairs = ",\n             ".join(f"'{column}', {row}.{column}" for column in tracked.columns)
    return f"jsonb_build_object(\n             {pairs})"


def _about(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in ABOUT_THE_CHANGE)


def _writes(changed: str) -> str:
    return f"""\
  WITH written AS (
    INSERT INTO history (id, entity, entity_id, version, type, old, new,
                         {", ".join(ABOUT_THE_CHANGE)})
    {changed}
    RETURNING id, entity_id, version, type
  )
  INSERT INTO outbox (id, entity_id, version, type)
  SELECT id, entity_id, version, type FROM written;
  RETURN NULL;"""


def _inserted(tracked: Tracked) -> str:
    changed = f"""SELECT uuid7(), '{tracked.entity}', n.id, n.version,
           {tracked.type_of_insert},
           NULL,
           {_json("n", tracked)},
           {_about("n")}
    FROM added n"""
    return f"""\
CREATE FUNCTION {tracked.table}_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{_writes(changed)}
END $$"""


def _updated(tracked: Tracked) -> str:
    changed = f"""SELECT uuid7(), '{tracked.entity}', n.id, n.version,
           {tracked.type_of_update},
           {_json("o", tracked)},
           {_json("n", tracked)},
           {_about("n")}
    FROM after n JOIN before o ON o.id = n.id
    WHERE n.version <> o.version"""
    return f"""\
CREATE FUNCTION {tracked.table}_updated() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = off AS $$
BEGIN
{_writes(changed)}
END $$"""


def _versioned(tracked: Tracked) -> str:
    differs = f"({_list('OLD', tracked)}) IS DISTINCT FROM ({_list('NEW', tracked)})"
    return f"""\
CREATE FUNCTION {tracked.table}_versioned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id <> NEW.id THEN
    RAISE EXCEPTION 'the key of {tracked.table} may not change';
  END IF;
  NEW.version := OLD.version + CASE WHEN {differs} THEN 1 ELSE 0 END;
  RETURN NEW;
END $$"""


def _derived(table: str, column: str, expression: str) -> str:
    return f"""\
CREATE FUNCTION {table}_derived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.{column} := {expression};
  RETURN NEW;
END $$"""


def _kept(tracked: Tracked) -> str:
    return f"""\
CREATE FUNCTION {tracked.table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{tracked.table} is tracked: its rows are never deleted';
END $$"""
