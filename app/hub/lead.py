"""The first piece of news of a digest goes out at once: who opens the slot leads, nobody else.

A batch is decided as if nobody had opened anything; then it opens the slots that its news would
lead. The row of a slot is made once: where there is one already, or another makes it at this
moment, the news is decided again, knowing it.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.hub import digest_store
from app.hub.bounds import Bounds
from app.hub.decision import Decision
from app.hub.digest import leads
from app.hub.digest_store import Place
from app.hub.facts import Known
from app.hub.question import Question
from app.hub.verdict import Digest, Slot
from app.hub.wish import Wish
from app.people.recipient import Recipient
from orders_core.tx import Tx

Asked = Sequence[tuple[Wish, Known]]


class Leads:
    """The slots that this batch opens with a piece of news that goes out at once."""

    def __init__(self, tx: Tx, bounds: Bounds) -> None:
        self._tx, self._bounds = tx, bounds
        self._by: dict[Place, int] = {}  # which wish of the batch leads it

    def knowing(self, asked: Asked, decisions: Sequence[Decision]) -> Asked | None:
        """Open slots for what leads; return what is asked anew where others were first, or None.

        Locks: the slots that the batch opens, in the order of person, channel and time, those that
        are joined among them.
        """
        wanted = [
            (at, Place(wish.person_id, slot))
            for at, ((wish, known), made) in enumerate(zip(asked, decisions, strict=True))
            if (known.person.rhythms or self._bounds.rhythms) and not wish.is_trial
            for slot in leads(_question(wish, known, self._bounds), made.verdict.answer)
        ]
        if not wanted:
            return None
        joined = [place for made in decisions for place in _joined(made)]
        made_now = digest_store.open_new(self._tx, [*(place for _, place in wanted), *joined])
        for at, place in wanted:
            if place in made_now:
                self._by.setdefault(place, at)
        late = [(at, place) for at, place in wanted if self._by.get(place) != at]
        return _told(asked, late) if late else None


def _joined(made: Decision) -> Sequence[Place]:
    answer = made.verdict.answer
    if made.wish.is_trial or not isinstance(answer, Digest):
        return ()
    return [Place(made.wish.person_id, slot) for slot in answer.slots]


def _told(asked: Asked, late: Sequence[tuple[int, Place]]) -> Asked:
    again = list(asked)
    for at, place in late:
        wish, known = again[at]
        again[at] = wish, replace(known, person=_with(known.person, place.slot))
    return again


def _with(person: Recipient, slot: Slot) -> Recipient:
    known = person.open_slots.get(slot.channel, ())
    return replace(person, open_slots={**person.open_slots, slot.channel: (*known, slot.closes_at)})


def _question(wish: Wish, known: Known, bounds: Bounds) -> Question:
    return Question(known.notice, known.person, (), bounds, wish.decide_at)
