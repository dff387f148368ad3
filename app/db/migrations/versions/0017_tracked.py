"""Tracked tables as the list has them now."""

from pathlib import Path

from alembic import op

from app.db.script import run

revision = "0017"
down_revision = "0016"

SCRIPT = Path(__file__).with_suffix(".sql")
BEFORE = Path(__file__).with_name("0001_triggers.sql")
FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
KINDS = ("inserted", "updated", "versioned", "kept", "derived")


def upgrade() -> None:
    """Make the triggers of every tracked table anew."""
    run(SCRIPT)


def downgrade() -> None:
    """Bring back the triggers of the first version."""
    for name in list(op.get_bind().exec_driver_sql(FUNCTIONS).scalars()):
        if name.endswith(KINDS):
            op.execute(f"DROP FUNCTION {name}() CASCADE")
    run(BEFORE)
