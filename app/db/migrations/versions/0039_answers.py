"""Learnt answers."""

from pathlib import Path

from app.db.script import drop_made_by, run

revision = "0039"
down_revision = "0038"

SCRIPT = Path(__file__).with_suffix(".sql")


def upgrade() -> None:
    """Make what the script of this version makes."""
    run(SCRIPT)


def downgrade() -> None:
    """Drop it again."""
    drop_made_by(SCRIPT)
