"""Contacts as they came in, promotions and rosters as they were told, and the plans made of them.

Every `hour` is the beginning of a whole hour of UTC, every `slot` that of a half hour, in business
time.
"""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ml.load.slots import GROUPS
from orders_core.tx import metadata
from orders_core.word import Word

ABOUT_KNOWN = f"about IN ({', '.join(repr(group) for group in GROUPS)})"


def _whole_hour() -> CheckConstraint:
    return CheckConstraint("EXTRACT(epoch FROM hour) % 3600 = 0", name="whole_hour")


incoming = Table(  # one row for each time a person wrote to us
    "incoming",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("how", Text, nullable=False),  # 'order_page', 'api', 'desk', …
    Column("person_id", Uuid),
    Column("answered", Boolean, nullable=False, server_default=text("false")),  # without a person
    Column("about", Text, nullable=False, server_default=text("'other'")),  # one of GROUPS
    CheckConstraint(ABOUT_KNOWN, name="about_known"),
)

contact_slot = Table(  # what other systems counted
    "contact_slot",
    metadata,
    Column("source", Text, primary_key=True),
    Column("slot", DateTime(timezone=True), primary_key=True),
    Column("about", Text, primary_key=True),  # one of GROUPS
    Column("contacts", Integer, nullable=False),
    CheckConstraint(ABOUT_KNOWN, name="about_known"),
    CheckConstraint("contacts >= 0", name="contacts_not_negative"),
    CheckConstraint("EXTRACT(epoch FROM slot) % 1800 = 0", name="whole_slot"),
    Index("ix_contact_slot_slot", "slot"),
)

promotion = Table(
    "promotion",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False, index=True),
    Column("skus", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
)

roster_slot = Table(
    "roster_slot",
    metadata,
    Column("slot", DateTime(timezone=True), primary_key=True),
    Column("people", Integer, nullable=False),
    CheckConstraint("people >= 0", name="people_not_negative"),
    CheckConstraint("EXTRACT(epoch FROM slot) % 1800 = 0", name="whole_slot"),
)

planned_send = Table(  # messages that somebody means to send, by who means it
    "planned_send",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("hour", DateTime(timezone=True), primary_key=True),
    Column("messages", Integer, nullable=False),
    CheckConstraint("messages > 0", name="messages_positive"),
    _whole_hour(),
    Index("ix_planned_send_hour", "hour"),
)

forecast_run = Table(
    "forecast_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", Word, nullable=False, server_default=text("'asked'")),
    Column("why", Text, nullable=False),  # 'nightly', 'hourly', 'asked', 'promotion'
    Column("asked_by", Text, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),  # business time, both
    Column("made_at", DateTime(timezone=True)),
    Column("facts", JSONB),  # what it was made of
    Column("error", Text),
    Column("token", Uuid),  # of who makes it
    Column("held_until", DateTime(timezone=True)),  # machine time; then another may make it
    CheckConstraint("state IN ('asked', 'stored', 'failed')", name="state_known"),
    Index("ix_forecast_run_asked", "id", postgresql_where=text("state = 'asked'")),
    Index("ix_forecast_run_stored", "id", postgresql_where=text("state = 'stored'")),
)

forecast_slot = Table(  # all contacts together
    "forecast_slot",
    metadata,
    Column("run_id", Uuid, ForeignKey("forecast_run.id", ondelete="CASCADE"), primary_key=True),
    Column("slot", DateTime(timezone=True), primary_key=True),
    Column("was_over", Boolean, nullable=False),  # when it was foreseen: only told afterwards
    Column("usual", Double, nullable=False),  # the mean of four weeks, without any promotion
    Column("multiplier", Double, nullable=False),  # of the promotion; 1 where none is
    Column("level", Double, nullable=False),  # today's, from how the day went so far
    Column("added", Double, nullable=False),  # by messages that are to be sent
    Column("expected", Double, nullable=False),
    Column("quantiles", ARRAY(Double), nullable=False),  # of ml.load.slots.LEVELS
    Column("people_needed", Integer, nullable=False),
    CheckConstraint("cardinality(quantiles) = 5", name="five_quantiles"),
    CheckConstraint("EXTRACT(epoch FROM slot) % 1800 = 0", name="whole_slot"),
    Index("ix_forecast_slot_slot", "slot", "was_over", "run_id"),
)

forecast_group = Table(  # the same by what contacts are about; nothing where all are of one group
    "forecast_group",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("slot", DateTime(timezone=True), primary_key=True),
    Column("about", Text, primary_key=True),  # one of GROUPS
    Column("usual", Double, nullable=False),
    Column("expected", Double, nullable=False),
    Column("quantiles", ARRAY(Double), nullable=False),
    ForeignKeyConstraint(
        ["run_id", "slot"],
        ["forecast_slot.run_id", "forecast_slot.slot"],
        ondelete="CASCADE",
        name="fk_forecast_group_run_id",
    ),
    CheckConstraint(ABOUT_KNOWN, name="about_known"),
    CheckConstraint("cardinality(quantiles) = 5", name="five_quantiles"),
)

exposure_slot = Table(  # what makes people write, counted out of history
    "exposure_slot",
    metadata,
    Column("name", Text, primary_key=True),  # 'orders', 'refunds', …
    Column("slot", DateTime(timezone=True), primary_key=True),
    Column("events", Integer, nullable=False),
    Column("known_at", DateTime(timezone=True), nullable=False),  # when the last of them was told
    CheckConstraint("events > 0", name="events_positive"),
    CheckConstraint("EXTRACT(epoch FROM slot) % 1800 = 0", name="whole_slot"),
)

exposure_mark = Table(  # how far a source is counted
    "exposure_mark",
    metadata,
    Column("name", Text, primary_key=True),
    Column("folded_until", Uuid, nullable=False),  # ids of a source rise
)
