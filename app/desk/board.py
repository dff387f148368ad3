"""What the pages of the desk show, gathered: the queue, and one case with all around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.keys import Caller
from app.desk import case_store, list_store, short_store, undo_store
from app.desk.canned import Canned, canned, facts_of
from app.desk.case import Author, Case, Entry, State, allowed
from app.desk.feelings import Feeling, feelings
from app.desk.list_store import Row
from app.desk.marks import Piece, named, pieces
from app.desk.said import Answer
from app.desk.sla import Standing, standing
from app.desk.suggest import Words, suggest
from app.desk.view import View
from app.house import House
from app.messages import history_store
from app.messages.history_store import Message
from app.people import store as people
from app.people.person import Person
from app.story.read import story_of
from app.story.story import Story
from ml.answers.mood import mood
from orders_core.errors import BadId, NotFound
from orders_core.ids import read, show
from orders_core.orders import store as orders
from orders_core.parcels import store as parcels
from orders_core.tx import Tx

MOST_SHOWN = 100
MOST_OTHERS = 5


@dataclass(frozen=True)
class Line:
    """One case in the queue as a page shows it."""

    case: Case
    name: str
    order_number: int | None
    clock: Standing
    assignee: str


@dataclass(frozen=True)
class Turn:
    """One thing that was said, who said it, and what became of it on its way.

    `undo_seconds` is machine time: how long it is held so that it can be taken back, 0 where it
    is queued for longer; None where it has left.
    """

    entry: Entry
    who: str
    messages: Sequence[Message]
    undo_seconds: float | None
    pieces: Sequence[Piece] = ()
    felt: Sequence[Feeling] = ()

    @property
    def found(self) -> Sequence[Piece]:
        """What was found in a person's words."""
        return named(self.pieces)


def queue_facts(
    tx: Tx, view: View, caller: Caller, *, now: datetime, current: UUID | None = None
) -> dict[str, Any]:
    """Return the queue as a look shows it, with the number of cases of each state.

    `current` is the case that is open beside it.
    """
    wanted = view.wanted(me=caller.name)
    rows = list_store.queue(tx, wanted, at_most=MOST_SHOWN)
    counts = list_store.counts(tx, replace(wanted, words=""))  # a tab leaves the search behind
    of_found = list_store.counts(tx, wanted) if wanted.words else counts
    found = sum(of_found.values()) if wanted.state is None else of_found[wanted.state]
    return {
        "lines": lines(tx, rows, now=now),
        "counts": counts,
        "found": found,
        "view": view,
        "current": current,
    }


def lines(tx: Tx, rows: Sequence[Row], *, now: datetime) -> list[Line]:
    """Return rows of the queue with their clocks and the names of whom they are assigned to."""
    called = list_store.staff_names(tx, [row.case.assigned_to for row in rows])
    return [
        Line(
            row.case,
            row.name,
            row.order_number,
            standing(row.case, now=now),
            _name(called, row.case.assigned_to),
        )
        for row in rows
    ]


def talk_facts(tx: Tx, case_id: UUID, *, locale: str, now: datetime) -> dict[str, Any]:
    """Return a case and its conversation, with what was found in it said in a language.

    Raises:
        NotFound: If there is no such case.
    """
    row = list_store.find(tx, case_id)
    if row is None:
        raise NotFound("case", show("cas", case_id))
    entries = case_store.entries(tx, case_id)
    [line] = lines(tx, [row], now=now)
    turns = marked(_turns(tx, entries, row.name), zone=row.zone, locale=locale)
    return {
        "line": line,
        "case": row.case,
        "turns": turns,
        "undoable": undoable(turns),
        "may": {act.value for act in allowed(row.case)},
    }


def undoable(turns: Sequence[Turn]) -> Turn | None:
    """Return the latest answer that can still be taken back."""
    return next((turn for turn in reversed(turns) if turn.undo_seconds is not None), None)


def last(tx: Tx, ref: str) -> dict[str, Any] | None:
    """Return a case that was resolved just now, with what can still be undone of it."""
    try:
        row = list_store.find(tx, read("cas", ref))
    except BadId:
        return None
    if row is None or row.case.state is not State.RESOLVED:
        return None
    turns = _turns(tx, case_store.entries(tx, row.case.id), row.name)
    return {"case": row.case, "undoable": undoable(turns)}


def case_facts(tx: Tx, house: House, case_id: UUID, *, locale: str) -> dict[str, Any]:
    """Return everything that a case's own page shows beside the queue."""
    now = house.clock.now()
    facts = talk_facts(tx, case_id, locale=locale, now=now)
    case: Case = facts["case"]
    if case.about is not None:
        return {**facts, "missing": short_store.missing(tx, case.about)}
    person = people.find(tx, case.asker)
    asked = (Words(t.entry.text, t.entry.at) for t in reversed(facts["turns"]) if _is_asked(t))
    words = next(asked, Words(case.question, case.asked_at))
    return {
        **facts,
        "person": person,
        "others": list_store.others_of(tx, person.id, but=case.id, at_most=MOST_OTHERS),
        "story": _story(tx, house, case, person, locale=locale),
        "suggested": suggest(tx, case, person, words, now=now, reads=house.reads),
        "canned": canned_for(tx, house, case, person, locale=locale),
    }


def canned_for(
    tx: Tx, house: House, case: Case, person: Person, *, locale: str
) -> Sequence[Canned]:
    """Return the canned replies that fit a case, in the language it is held in."""
    settings, order_id = house.settings, case.order_id
    order = orders.many(tx, [order_id]).get(order_id) if order_id else None
    sent_in = list(parcels.of_orders(tx, [order_id]).get(order_id, ())) if order_id else []
    facts = facts_of(
        order,
        sent_in,
        name=person.name,
        shop=settings.shop_name_zh if case.language == "zh" else settings.shop_name_en,
        language=case.language,
        zone=person.zone,
    )
    return canned(order, sent_in, facts, language=case.language, locale=locale)


def drafted(facts: Mapping[str, Any], name: str) -> str:
    """Return the text that goes by a name on a case's page: the suggestion's, or a canned reply's.

    Empty where there is none of that name.
    """
    suggested: Answer | None = facts.get("suggested")
    if name == "suggested":
        return suggested.text if suggested else ""
    return next((one.text for one in facts.get("canned", ()) if one.name == name), "")


def _story(tx: Tx, house: House, case: Case, person: Person, *, locale: str) -> Story | None:
    if case.order_id is None:
        return None
    return story_of(
        tx,
        case.order_id,
        now=house.clock.now(),
        locale=locale,
        zone=person.zone,
    )


def _is_asked(turn: Turn) -> bool:
    return turn.entry.author is Author.SHOPPER


def marked(turns: Sequence[Turn], *, zone: str, locale: str) -> list[Turn]:
    """Return the turns of a conversation with what was found in a person's words."""
    asked = [turn.entry.at for turn in turns if _is_asked(turn)]
    return [_marked(turn, asked, zone, locale) if _is_asked(turn) else turn for turn in turns]


def _marked(turn: Turn, asked: Sequence[datetime], zone: str, locale: str) -> Turn:
    text, at = turn.entry.text, turn.entry.at
    felt = mood(text, now=at, zone=zone, earlier=asked)
    return replace(
        turn,
        pieces=pieces(text, locale=locale, at=at, zone=zone),
        felt=feelings(felt, locale=locale),
    )


def _turns(tx: Tx, entries: Sequence[Entry], name: str) -> list[Turn]:
    called = list_store.staff_names(tx, [entry.by for entry in entries])
    verdicts = [entry.verdict_id for entry in entries if entry.verdict_id]
    sent: dict[UUID, list[Message]] = {}
    for message in history_store.of_verdicts(tx, verdicts):
        sent.setdefault(message.verdict_id, []).append(message)
    held = undo_store.seconds_held(tx, verdicts)
    return [
        Turn(
            entry,
            name if entry.author is Author.SHOPPER else _name(called, entry.by),
            sent.get(entry.verdict_id, ()) if entry.verdict_id else (),
            held.get(entry.verdict_id)
            if entry.verdict_id and entry.stands and entry.author is Author.AGENT
            else None,
        )
        for entry in entries
    ]


def _name(called: Mapping[str, str], name: str | None) -> str:
    return called.get(name, name.partition(":")[2] or name) if name else ""
