"""The wishes of one batch, one after the other: each with what those before it added. Pure."""

from collections.abc import Mapping, Sequence
from functools import partial

from app.hub.bounds import Bounds
from app.hub.decide import decide
from app.hub.decision import Counted, Decision
from app.hub.displace import Queued, is_pressed, to_displace
from app.hub.facts import Known, pack_pressure, reach, remember
from app.hub.memory import remembered
from app.hub.pressure import add, given_back, heard, seconds_of, told_apart
from app.hub.verdict import Verdict
from app.hub.wish import Wish
from orders_core.ids import PersonId

Row = Sequence[int]
Offers = Mapping[PersonId, Sequence[Queued]]
NO_OFFERS: Offers = {}
NOBODY: Sequence[Queued] = ()


def decide_each(
    asked: Sequence[tuple[Wish, Known]],
    bounds: Bounds,
    rows: Mapping[PersonId, Row],
    *,
    offers: Offers = NO_OFFERS,
) -> tuple[list[Decision], Mapping[PersonId, Row]]:
    """Decide wishes in their order; return the decisions, and the rows as they are by then.

    Args:
        rows: What each person had heard before, of everybody whom a cap concerns.
        offers: Queued messages of each person that can make way for more urgent news.
    """
    batch = _Batch(bounds, rows, offers)
    return [batch.decide(wish, known) for wish, known in asked], batch.rows


class _Batch:
    """What was heard after each decision, and what can make way."""

    def __init__(self, bounds: Bounds, rows: Mapping[PersonId, Row], offers: Offers) -> None:
        self._bounds, self._offers = bounds, offers  # one that is off the row frees nothing twice
        self.rows = dict(rows)

    def decide(self, wish: Wish, known: Known) -> Decision:
        """Decide one wish, and count it where a cap concerns it."""
        ask = partial(_decide, wish, known, self._bounds)
        if not self._bounds.caps.concern(known.notice):
            return Decision.of(wish, ask(()), remember(known))
        recent = self.rows[wish.person_id]
        if wish.is_trial:
            return Decision.of(wish, ask(recent), remember(known))
        verdict, gone = ask(recent), NOBODY
        pressed = is_pressed(known.notice, verdict, recent)
        if pressed and wish.person_id in self._offers:
            gone = to_displace(self._offers[wish.person_id], recent, ask)
            recent = given_back(recent, [one.entry for one in gone])
            verdict = ask(recent)
        more = told_apart(heard(verdict.answer, known.notice, wish.decide_at), recent)
        self._keep(wish, add(recent, more))
        seen = pack_pressure(recent, now=wish.decide_at, reach=reach(self._bounds))
        counted = Counted(seen, more, tuple(one.id for one in gone), is_pressed=pressed)
        return Decision.of(wish, verdict, remember(known), counted)

    def _keep(self, wish: Wish, row: Row) -> None:
        now_seconds = seconds_of(wish.decide_at)
        self.rows[wish.person_id] = remembered(row, self._bounds, now_seconds=now_seconds)


def _decide(wish: Wish, known: Known, bounds: Bounds, recent: Row) -> Verdict:
    notice, person = known.notice, known.person
    return decide(notice, person, recent, bounds, wish.decide_at, standing=known.standing)
