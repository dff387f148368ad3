"""The forecast by half hour and group, and runs that are held while they are made."""

from pathlib import Path

from app.db.script import drop_made_by, run

revision = "0041"
down_revision = "0040"

SCRIPT = Path(__file__).with_suffix(".sql")
DOWN = Path(__file__).with_suffix(".down.sql")


def upgrade() -> None:
    """Make what the script of this version makes."""
    run(SCRIPT)


def downgrade() -> None:
    """Drop it again, and forecast by the hour."""
    drop_made_by(SCRIPT)
    run(DOWN)
