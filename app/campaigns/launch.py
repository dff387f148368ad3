"""What the worker does for campaigns, a bounded piece at a time: the chore of this room.

Each step begins what is due, decides one chunk, weighs one chunk and withdraws one batch, so that a
large campaign keeps nobody waiting for a count.
"""

import time
from collections.abc import Callable
from datetime import datetime

from app.campaigns import change, slot_store, store
from app.campaigns.fan_out import Chunk, decide_chunk
from app.campaigns.reach import weigh_chunk
from app.campaigns.slot_store import Held
from app.db.transaction import attempt, begin
from app.house import House
from app.hub.policy import read_policy
from app.jobs.crash import crash_point
from orders_core.tx import Tx

LONGEST_SECONDS = 8.0
WITHDRAWN_AT_A_TIME = 2000


def run_due(house: House, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Do what is due for campaigns now, for eight seconds at most; return how much was done.

    0 means that nothing is due. A person decided about or weighed, a campaign begun, a slot ended
    and a message withdrawn count one each.
    """
    ends = time.monotonic() + LONGEST_SECONDS
    turn = Turn(house)
    done = 0
    try:
        while may_go_on() and time.monotonic() < ends:
            more = turn.step()
            done += more
            if not more:
                break
    finally:
        turn.give_back()
    return done


def next_due(tx: Tx, after: datetime, until: datetime) -> datetime | None:
    """Return the first business time after `after`, at most `until`, that people are due at."""
    return slot_store.next_due(tx, after=after, until=until)


class Turn:
    """One worker's turn: the slot it holds from chunk to chunk."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._held: Held | None = None

    def step(self) -> int:
        """Do a little of everything that is due; return how much, 0 for nothing."""
        return self._begin() + self._decide() + self._weigh() + self._withdraw()

    def give_back(self) -> None:
        """Let go of the slot, so that whoever comes next need not wait for the lease."""
        if self._held is not None:
            held, self._held = self._held, None
            with begin(self._house.engine) as tx:
                slot_store.release(tx, held)

    def _begin(self) -> int:
        now = self._house.clock.now()
        with begin(self._house.engine) as tx:
            found = store.launchable(tx, now=now)
        begun = 0
        for campaign_id in found:
            with begin(self._house.engine) as tx:
                begun += change.begin(tx, campaign_id, now=now)
        return begun

    def _decide(self) -> int:
        if self._held is None:
            with begin(self._house.engine) as tx:
                self._held = slot_store.claim(tx, now=self._house.clock.now())
        if self._held is None:
            return 0
        chunk = self._chunk(self._held)
        crash_point("campaigns.after_chunk")
        if not chunk.goes_on:
            self.give_back()
        return chunk.decided + chunk.is_done

    def _chunk(self, held: Held) -> Chunk:
        now = self._house.clock.now()

        def work(tx: Tx) -> Chunk:
            policy = read_policy(tx, self._house.settings)
            return decide_chunk(tx, held, policy=policy, now=now)

        return attempt(self._house.engine, work)

    def _weigh(self) -> int:
        with begin(self._house.engine) as tx:
            return weigh_chunk(tx, settings=self._house.settings, now=self._house.clock.now())

    def _withdraw(self) -> int:
        with begin(self._house.engine) as tx:
            found = store.withdrawing(tx)
        gone = 0
        for campaign_id in found:
            with begin(self._house.engine) as tx:
                now = self._house.clock.now()
                gone += change.withdraw(tx, campaign_id, now=now, at_most=WITHDRAWN_AT_A_TIME)
        return gone
