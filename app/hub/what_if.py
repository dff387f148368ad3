"""What would have been sent, had the shop's policy been another: decisions of the past made again.

The same `decide`, with what each decision knew. What a person hears under the other policy feeds
their own later decisions; what reached or left their row from elsewhere is carried over.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.hub.bounds import Bounds
from app.hub.facts import Known, recall, unpack_pressure
from app.hub.pressure import IN_TIME, add, heard, seconds_of
from app.hub.verdict import Verdict
from app.hub.worlds import AS_IT_WAS, Change, Past, World, reads_row
from app.people.recipient import Recipient
from orders_core.ids import PersonId

Row = tuple[int, ...]
in_time = IN_TIME.__and__  # rows are in order of what it makes of their entries


class Relived(NamedTuple):
    """A decision made again: under the policy that ruled, and under each of some others."""

    past: Past
    was: Verdict
    would: Sequence[Verdict]

    @property
    def is_identical(self) -> bool:
        """Whether the policy that ruled says again what was stored."""
        past, was = self.past, self.was
        return (was.word, was.because, was.decided_by, was.until) == (
            *(past.answer, past.because, past.decided_by),
            past.until,
        )


def relive(
    history: Iterable[Past], bounds: Mapping[int, Bounds], changes: Sequence[Change]
) -> Iterator[Relived]:
    """Make decisions again; those of one person must follow each other in the order made.

    A decision is left out if what it knew was not kept.
    """
    ruling, others = World(AS_IT_WAS), [World(change) for change in changes]
    whose: PersonId | None = None
    lives: list[Life] = []
    people: dict[str, Recipient] = {}
    for past in history:
        if past.facts is None or past.bounds is None:
            continue
        if past.person_id != whose:
            whose, people = past.person_id, {}
            lives = [Life(world) for world in others]
        known = _of(past.person_id, recall(past.notice, past.facts), people, past.facts)
        ruled = bounds[past.bounds]
        seen = unpack_pressure(past.pressure) if past.pressure is not None else ()
        was = ruling.ask(past, known, seen, ruled)
        yield Relived(past, was, [life.decide(past, known, ruled, seen, was) for life in lives])


def _of(who: PersonId, known: Known, people: dict[str, Recipient], facts: str) -> Known:
    """Give the person that something is known of their id."""
    person = people.get(facts)
    if person is None:
        person = people[facts] = replace(known.person, person_id=who)
    return Known(known.notice, person, known.standing)


class Life:
    """One person under another policy: what they would have heard by now.

    While it is what they heard, nothing of it is written down.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._heard: Row | None = None
        self._expected: Row = ()

    def decide(self, past: Past, known: Known, ruled: Bounds, seen: Row, was: Verdict) -> Verdict:
        """Decide once more, and remember what it adds."""
        change, recent = self._world.change, seen
        if change.is_none:
            return was
        is_remembered = past.pressure is not None and not change.sends_everything
        if is_remembered and self._heard is not None:
            recent = self._carry_over(past, ruled, seen, self._heard)
        is_the_same = recent == seen or not reads_row(known, ruled)
        if is_the_same and not change.touches(known, ruled, was):
            would = was
        else:
            would = self._world.ask(past, known, recent, ruled)
        if is_remembered:
            self._remember(past, known, (recent, seen), (would, was))
        return would

    def _remember(
        self, past: Past, known: Known, rows: tuple[Row, Row], verdicts: tuple[Verdict, Verdict]
    ) -> None:
        (recent, seen), (would, was) = rows, verdicts
        if recent == seen and would.answer == was.answer:
            self._heard = None
            return
        self._heard = add(recent, heard(would.answer, known.notice, past.decided_at))
        self._expected = add(seen, heard(was.answer, known.notice, past.decided_at))

    def _carry_over(self, past: Past, ruled: Bounds, seen: Row, ours: Row) -> Row:
        """Take over what came to the person's row, or left it, without a decision of this kind."""
        expected = self._expected
        oldest = seconds_of(past.decided_at - ruled.reach) << 16
        aged = bisect_left(expected, oldest, key=in_time)  # what a row forgets left it by itself
        if seen == expected[aged:]:
            return _without(ours, expected[:aged])
        now, before = Counter(seen), Counter(expected)
        left = _without(ours, (before - now).elements())
        return tuple(sorted((*left, *(now - before).elements()), key=in_time))


def _without(row: Row, gone: Iterable[int]) -> Row:
    """Return a row without these entries, as far as it has them."""
    left = list(row)
    for entry in gone:
        at = bisect_left(left, in_time(entry), key=in_time)
        same = bisect_right(left, in_time(entry), lo=at, key=in_time)
        if entry in left[at:same]:
            del left[left.index(entry, at)]
    return tuple(left)
