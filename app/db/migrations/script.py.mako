"""${message}"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

# env.py sets lock_timeout 5s: a migration that waits longer for a lock fails instead of stopping the shop.
# A column becomes NOT NULL in three steps (add a NOT VALID check, validate it, set NOT NULL).


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else ""}


def downgrade() -> None:
    """Take back."""
    ${downgrades if downgrades else ""}
