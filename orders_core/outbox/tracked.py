"""The tracked tables, and the trigger SQL generated from that one list.

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


TRACKED = (
    Tracked(
        table="orders",
        entity="order",
        columns=(
            "number",
            "source",
            "reference",
            "source_version",
            "mirrored",
            "person_id",
            "status",
            "standing",
            "payment",
            "fulfilment",
            "skipped",
            "currency",
            "total_minor",
            "paid_minor",
            "refund_minor",
            "deposit_minor",
            "short_units",
            "payment_reference",
            "placed_at",
            "paid_at",
            "shipped_at",
            "delivered_at",
            "cancelled_at",
            "pay_until",
            "balance_from",
            "balance_until",
            "ship_to",
            "invoice",
        ),
        type_of_insert="'order.' || n.status",
        type_of_update="""\
CASE WHEN n.status <> o.status THEN 'order.' || n.status
                WHEN n.fulfilment <> o.fulfilment THEN 'order.' || n.fulfilment
                WHEN o.short_units = 0 AND n.short_units > 0 THEN 'order.short'
                WHEN o.short_units > 0 AND n.short_units = 0 THEN 'order.short_settled'
                WHEN n.payment <> o.payment THEN 'order.' || n.payment
                WHEN n.balance_until IS DISTINCT FROM o.balance_until THEN 'order.balance_due'
                WHEN n.ship_to IS DISTINCT FROM o.ship_to THEN 'order.address_changed'
                WHEN n.invoice IS DISTINCT FROM o.invoice THEN 'order.invoice_asked'
                WHEN n.total_minor <> o.total_minor AND NOT n.mirrored THEN 'order.edited'
                ELSE 'order.updated' END""",
    ),
    Tracked(
        table="refund",
        entity="refund",
        columns=(
            "order_id",
            "amount_minor",
            "currency",
            "cause",
            "cause_id",
            "status",
            "reference",
            "asked_at",
            "made_at",
        ),
        type_of_insert="'refund.' || n.status",
        type_of_update=(
            "CASE WHEN n.status <> o.status THEN 'refund.' || n.status ELSE 'refund.updated' END"
        ),
    ),
    Tracked(
        table="level",
        entity="level",
        columns=("sku_id", "warehouse", "standing", "low_at", "safety_stock", "oversell_limit"),
        counters=("on_hand", "reserved", "short"),
        derived=(
            "standing",
            "CASE WHEN NEW.on_hand + NEW.oversell_limit - NEW.safety_stock - NEW.reserved"
            " - NEW.short <= 0 THEN 'out'\n"
            "    WHEN NEW.on_hand + NEW.oversell_limit - NEW.safety_stock - NEW.reserved"
            " - NEW.short <= NEW.low_at THEN 'low'\n"
            "    ELSE 'in' END",
        ),
        type_of_insert="'stock.opened'",
        type_of_update="""\
CASE WHEN n.standing = o.standing THEN 'stock.updated'
                WHEN o.standing = 'out' THEN 'stock.back'
                WHEN n.standing = 'in' THEN 'stock.plenty'
                ELSE 'stock.' || n.standing END""",
    ),
    Tracked(
        table="parcel",
        entity="parcel",
        columns=(
            "order_id",
            "carrier",
            "number",
            "status",
            "promised_at",
            "expected_at",
            "expected_source",
            "last_scan_at",
            "last_place",
            "pickup_code",
        ),
        type_of_insert="'parcel.' || n.status",
        type_of_update=(  # what was scanned before its order was known is news once it is
            "CASE WHEN n.status <> o.status OR (o.order_id IS NULL AND n.order_id IS NOT NULL)"
            " THEN 'parcel.' || n.status"
            " WHEN n.expected_at IS DISTINCT FROM o.expected_at THEN 'parcel.rescheduled'"
            " ELSE 'parcel.updated' END"
        ),
    ),
)


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


def script() -> str:
    """Return the SQL that makes every tracked table what the list says, whatever it was before."""
    parts = ["-- What makes a table tracked, as orders_core.outbox.tracked generates it.\n"]
    for tracked in TRACKED:
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
  IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
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
CREATE FUNCTION {tracked.table}_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
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
