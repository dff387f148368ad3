"""Who is rostered, by half hour."""

from pathlib import Path

from app.db.script import drop_made_by, run

revision = "0044"
down_revision = "0043"

SCRIPT = Path(__file__).with_suffix(".sql")
DOWN = Path(__file__).with_suffix(".down.sql")


def upgrade() -> None:
    """Make what the script of this version makes."""
    run(SCRIPT)


def downgrade() -> None:
    """Go back to the hour, then drop it."""
    run(DOWN)
    drop_made_by(SCRIPT)
