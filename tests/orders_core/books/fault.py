"""What a fault is: damage done to a sound shop, and who must name it."""

from dataclasses import dataclass

from sqlalchemy import text

from orders_core.tx import Tx

#: What a superuser could do behind the triggers' back.
PAST = "SET LOCAL session_replication_role = replica"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Statements that break the promise `names` first, and those broken along with it.

    `past`: behind the triggers' back. `in_turn`: nothing tells of it, so a step finds it when the
    row's turn comes.
    """

    names: str
    damage: str | tuple[str, ...]
    along: tuple[str, ...] = ()
    past: bool = False
    in_turn: bool = False

    def plant(self, tx: Tx) -> None:
        """Do the damage; each statement touches something."""
        if self.past:
            tx.execute(text(PAST))
        damage = (self.damage,) if isinstance(self.damage, str) else self.damage
        for statement in damage:
            assert tx.execute(text(statement)).rowcount != 0, statement
        tx.execute(text("SET LOCAL session_replication_role = origin"))
