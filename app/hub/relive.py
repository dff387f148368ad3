"""A stretch of the past under another policy, from the stored verdicts to the account of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.hub import what_if_store
from app.hub.tally import Account, Tally, effect_of
from app.hub.what_if import relive
from app.hub.what_if_store import Stretch
from app.hub.worlds import Change
from orders_core.tx import Tx

CAPS = range(1, 8)  # the caps of the curve


@dataclass(frozen=True, kw_only=True)
class Report:
    """What another policy would have made of a stretch.

    `asked` decisions lie in it, of `unknown` too little was kept, at most `most` were made again.
    `curve` holds, for each cap of `CAPS`, what that policy would have made with that cap.
    """

    account: Account
    asked: int
    unknown: int
    most: int
    curve: Sequence[tuple[int, Tally]] = ()

    @property
    def is_cut(self) -> bool:
        """Whether there are more decisions than were made again."""
        return self.asked > self.most

    def join(self, other: "Report") -> None:
        """Add what another process counted of other people of the same stretch."""
        self.account.join(other.account)
        for (_, ours), (_, theirs) in zip(self.curve, other.curve, strict=True):
            ours.join(theirs)


def what_if(
    tx: Tx, stretch: Stretch, change: Change, *, at_most: int, with_curve: bool = False
) -> Report:
    """Make the decisions of a stretch again, under the policy that ruled and under another.

    Nothing is locked and nothing written.

    Args:
        at_most: Decisions that are made again; people come whole but the last.
    """
    asked, unknown = what_if_store.counted(tx, stretch)
    bounds = what_if_store.bounds(tx)
    caps = CAPS if with_curve else ()
    changes = [change, *(replace(change, cap=most) for most in caps)]
    account, curve = Account(), [(most, Tally()) for most in caps]
    past = what_if_store.history(tx, stretch, at_most=at_most)
    for relived in relive(past, bounds, changes):
        would, *by_cap = relived.would
        account.count(relived, would)
        for (_, tally), verdict in zip(curve, by_cap, strict=True):
            tally.count(relived.past.person_id, effect_of(verdict))
    return Report(account=account, asked=asked, unknown=unknown, most=at_most, curve=curve)
