"""Rhythms whose first piece of news goes out at once."""

from pathlib import Path

from app.db.script import drop_made_by, run

revision = "0045"
down_revision = "0044"

SCRIPT = Path(__file__).with_suffix(".sql")
DOWN = Path(__file__).with_suffix(".down.sql")


def upgrade() -> None:
    """Make what the script of this version makes."""
    run(SCRIPT)


def downgrade() -> None:
    """Drop it again."""
    drop_made_by(SCRIPT)
    run(DOWN)
