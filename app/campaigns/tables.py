"""Campaigns, their moves and slots, what was decided under them, and what their reach was."""

from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from orders_core.tx import metadata
from orders_core.word import Word


def _of_campaign(*, is_key: bool = True) -> Column[UUID]:
    whose = ForeignKey("campaign.id")
    return Column("campaign_id", Uuid, whose, primary_key=is_key, nullable=False)


campaign = Table(
    "campaign",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("state", Word, nullable=False, server_default=text("'draft'")),
    Column("segment", JSONB, nullable=False, server_default=text("'{}'")),
    Column("title_zh", Text, nullable=False, server_default=text("''")),
    Column("body_zh", Text, nullable=False, server_default=text("''")),
    Column("title_en", Text, nullable=False, server_default=text("''")),
    Column("body_en", Text, nullable=False, server_default=text("''")),
    Column("timing", Text, nullable=False, server_default=text("'now'")),
    Column("wall", DateTime(timezone=False)),  # what a clock on the wall shows
    Column("pace_per_minute", Integer),
    Column("launch_at", DateTime(timezone=True)),  # machine time: its countdown ends
    Column("as_of", DateTime(timezone=True)),  # business time that its segment looks back from
    Column("ready_at", DateTime(timezone=True)),  # business time that its pace lets it go on
    Column("is_withdrawing", Boolean, nullable=False, server_default=text("false")),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(
        "state IN ('draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled')",
        name="state_known",
    ),
    CheckConstraint("timing IN ('now', 'shop', 'person', 'best')", name="timing_known"),
    CheckConstraint("pace_per_minute > 0", name="pace_positive"),
    CheckConstraint(
        "state IN ('draft', 'cancelled') OR timing = 'now' OR wall IS NOT NULL", name="time_known"
    ),
    Index(
        "ix_campaign_open",
        "state",
        postgresql_where=text("state IN ('scheduled', 'running') OR is_withdrawing"),
    ),
)

campaign_move = Table(
    "campaign_move",
    metadata,
    Column("id", Uuid, primary_key=True),
    _of_campaign(is_key=False),
    Column("became", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=text("''")),
    Column("at", DateTime(timezone=True), nullable=False),  # business time
    Index("ix_campaign_move_campaign_id", "campaign_id", "id"),
)

campaign_slot = Table(
    "campaign_slot",
    metadata,
    _of_campaign(),
    Column("zone", Text, primary_key=True),  # '*' for whoever is in none of the others
    Column("due_at", DateTime(timezone=True), nullable=False),  # business time
    Column("state", Word, nullable=False, server_default=text("'open'")),
    Column("after_id", Uuid),  # the last person decided about: people go in the order of ids
    Column("asked", Integer, nullable=False),  # how many there were when it was scheduled
    Column("decided", Integer, nullable=False, server_default=text("0")),
    Column("token", Integer, nullable=False, server_default=text("0")),
    Column(
        "lease_until",  # machine time
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    CheckConstraint("state IN ('open', 'done')", name="state_known"),
    Index("ix_campaign_slot_due_at", "due_at", postgresql_where=text("state = 'open'")),
)

campaign_verdict = Table(
    "campaign_verdict",
    metadata,
    # No foreign key: rows come five hundred at a time, under the lock of their campaign.
    Column("campaign_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("verdict_id", Uuid, nullable=False),
    Column("outcome", Text, nullable=False),  # 'send', or the reason that holds or ends it
    Index("ix_campaign_verdict_outcome", "campaign_id", "outcome", "person_id"),
)

campaign_time = Table(  # the hour of a day that was chosen for each person, where each has one
    "campaign_time",
    metadata,
    Column("campaign_id", Uuid, primary_key=True),  # no foreign key, as above
    Column("person_id", Uuid, primary_key=True, index=True),
    Column("hour", SmallInteger, nullable=False),
    Column("best", SmallInteger),  # the person's own; none where it could not be told
    Column("propensity", Double, nullable=False),  # how likely that hour was beforehand
    Column("told_at", DateTime(timezone=True), nullable=False),  # business time
    CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity_possible"),
)

campaign_tally = Table(
    "campaign_tally",
    metadata,
    _of_campaign(),
    Column("outcome", Text, primary_key=True),
    Column("people", Integer, nullable=False),
)

campaign_reach = Table(
    "campaign_reach",
    metadata,
    Column("id", Uuid, primary_key=True),
    _of_campaign(is_key=False),
    Column("state", Word, nullable=False, server_default=text("'asked'")),
    Column("asked_for", JSONB, nullable=False),  # segment, timing and wall at that time
    Column("asked_at", DateTime(timezone=True), nullable=False),  # business time
    Column("as_of", DateTime(timezone=True), nullable=False),  # business time
    Column("counted_at", DateTime(timezone=True)),  # business time
    Column("after_id", Uuid),
    Column("asked", Integer, nullable=False),
    Column("weighed", Integer, nullable=False, server_default=text("0")),
    Column("outcomes", JSONB, nullable=False, server_default=text("'{}'")),  # outcome -> people
    Column("examples", JSONB, nullable=False, server_default=text("'{}'")),  # outcome -> ids
    Column("hours", JSONB, nullable=False, server_default=text("'{}'")),  # hour of bells -> people
    CheckConstraint("state IN ('asked', 'counted')", name="state_known"),
    Index("ix_campaign_reach_campaign_id", "campaign_id", "id"),
    Index("ix_campaign_reach_asked", "id", postgresql_where=text("state = 'asked'")),
)
