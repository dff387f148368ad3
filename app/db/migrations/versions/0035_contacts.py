"""Contacts by half hour and by what they are about."""

from pathlib import Path

from app.db.script import drop_made_by, run

revision = "0035"
down_revision = "0034"

SCRIPT = Path(__file__).with_suffix(".sql")
DOWN = Path(__file__).with_suffix(".down.sql")


def upgrade() -> None:
    """Make what the script of this version makes."""
    run(SCRIPT)


def downgrade() -> None:
    """Count by the hour again, and drop what was made."""
    run(DOWN)
    drop_made_by(SCRIPT)
