"""Who is told, where, in what language and zone, and what they agreed to."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", Text, unique=True),  # the shop's own id of the person
    Column("name", Text, nullable=False, server_default=text("''")),
    Column("locale", Text, nullable=False),  # 'zh' or 'en'
    Column("zone", Text, nullable=False),  # IANA
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("erased_at", DateTime(timezone=True)),  # business time; then nothing else is left
    CheckConstraint("locale IN ('zh', 'en')", name="locale_known"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),  # 'email', 'sms', 'push'
    Column("address", Text, nullable=False, index=True),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("name", Text, nullable=False, server_default=text("''")),  # of a device
    Column("seen_at", DateTime(timezone=True)),  # when a device last said it is there
    UniqueConstraint("person_id", "channel", "address"),
)

consent = Table(
    "consent",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("granted", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

rhythm = Table(
    "rhythm",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("rhythm", Text, nullable=False),  # how often it rings for news that can wait
    Column("source", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint(
        "rhythm IN ('now', 'hourly', 'daily', 'weekly',"
        " 'first_hourly', 'first_daily', 'first_weekly')",
        name="rhythm_known",
    ),
)

preference = Table(
    "preference",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("category", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

calm = Table(  # when a person wants no bells
    "calm",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("quiet_from", Time),  # on their own clock; from = until: never quiet
    Column("quiet_until", Time),
    Column("quiet_days", SmallInteger),  # bit 0: a night that starts on Monday, to bit 6: Sunday
    Column("paused_until", DateTime(timezone=True)),
    Column("source", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint(
        "num_nulls(quiet_from, quiet_until, quiet_days) IN (0, 3)", name="quiet_is_whole"
    ),
    CheckConstraint("quiet_days BETWEEN 0 AND 127", name="quiet_days_known"),
)

muted_order = Table(
    "muted_order",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_muted_order_person_id", "person_id"),
)

told_more = Table(  # an order whose person hears its small steps on a channel too
    "told_more",
    metadata,
    Column("order_id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("channel IN ('email', 'sms', 'push')", name="channel_rings"),
    Index("ix_told_more_person_id", "person_id"),
)

address_change = Table(  # where somebody would like to be reached instead; one wish at a time
    "address_change",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text),
    Column("address", Text),
    Column("was", Text),  # the address that it takes the place of
    Column("code_hash", LargeBinary),
    Column("code_until", DateTime(timezone=True)),  # machine time, both
    Column("sent_at", ARRAY(DateTime(timezone=True)), nullable=False, server_default=text("'{}'")),
    Column("wrong", SmallInteger, nullable=False, server_default=text("0")),
    Index("ix_address_change_address", "address"),
)

choice = Table(  # one line for each change of a choice, written by triggers: see noted.py
    "choice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),  # no foreign key: it outlives what it tells of
    Column("act", Uuid, nullable=False),  # what was said at once
    Column("said_by", Text, nullable=False),  # By of saying.py
    Column("name", Text, nullable=False),
    Column("door", Text, nullable=False),  # Door of saying.py
    Column("at", DateTime(timezone=True), nullable=False),  # business time
    Column("undoes", Uuid),  # an earlier act
    Column("about", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("was", JSONB),
    Column("became", JSONB),
    Index("ix_choice_person_id", "person_id", "id"),
)

tired = Table(  # how likely somebody refuses offers within a week of the next
    "tired",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("percent", SmallInteger, nullable=False),
    Column("because", Text, nullable=False),  # what raises it most
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_a_hundred"),
    CheckConstraint("because IN ('sends_7', 'sends_30', 'unopened', 'new')", name="because_known"),
)

habit = Table(  # how much of what rang on each channel somebody saw: see app/hub/habit_store.py
    "habit",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    # {about: {channel: [told, seen, mean and deviation of the share that is seen, in thousandths]}}
    Column("seen", JSONB, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)

last_opened = Table(
    "last_opened",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", Text, nullable=False),  # whose link was opened
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("channel IN ('email', 'sms', 'push')", name="channel_rings"),
)
