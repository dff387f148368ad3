"""One case: the conversation, the order beside it, and what an agent does with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.desk import board, case_store, handle, list_store
from app.desk.case import MOST_REPLY, CaseError
from app.desk.reply import Words, reply, undo
from app.desk.view import View, view_of
from app.house import House
from app.http.body import Prose, PublicId, Whole
from app.http.deps import TheHouse, Transaction
from app.http.pages import locale_of, render
from app.http.problems import told
from app.hub.policy import read_policy
from app.words.say import knows, say
from orders_core.errors import BadId
from orders_core.ids import new_id, show
from orders_core.ids import read as read_id
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.CASES_READ)]
Writer = Annotated[Caller, may(Permission.CASES_WRITE)]
Id = Annotated[UUID, PublicId("cas"), Path()]
EntryId = Annotated[UUID, PublicId("ent"), Form()]
Version = Annotated[int, Whole(1, 2**31 - 1), Form()]
CONFLICT = 409


@dataclass(frozen=True)
class At:
    """Where somebody stands at the desk: before which case, with which look at the queue."""

    request: Request
    tx: Tx
    house: House
    case_id: UUID
    caller: Caller

    @property
    def view(self) -> View:
        """The look at the queue that the address carries on."""
        return view_of(self.request.query_params)

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.house.clock.now()


def _reading(request: Request, tx: Transaction, house: TheHouse, case_id: Id, caller: Reader) -> At:
    return At(request, tx, house, case_id, caller)


def _writing(request: Request, tx: Transaction, house: TheHouse, case_id: Id, caller: Writer) -> At:
    return At(request, tx, house, case_id, caller)


Here = Annotated[At, Depends(_reading)]
Acting = Annotated[At, Depends(_writing)]


@dataclass(frozen=True)
class Draft:
    """What stands in the reply box when a page comes, and why it was not sent, if it was not."""

    text: str = ""
    refused: str | None = None


NOTHING = Draft()


@router.get("/desk/cases/{case_id}")
def read(here: Here, again: str = "") -> HTMLResponse:
    """Show a case: what was said, the order, and a box to answer in.

    `again` names a reply that was taken back: its words are in the box.
    """
    return _page(here, Draft(_taken_back(here, again)))


@router.get("/desk/cases/{case_id}/talk")
def talk(here: Here) -> HTMLResponse:
    """Return the conversation alone, for a page that looks again."""
    facts = board.talk_facts(here.tx, here.case_id, locale=locale_of(here.request), now=here.now)
    return render(here.request, "desk/_live.html", view=here.view, **facts)


@router.post("/desk/cases/{case_id}/reply")
def answer(
    here: Acting,
    text: Annotated[str, Form(), Prose(MOST_REPLY)],
    key: EntryId,
    version: Version,
) -> Response:
    """Answer; for a few seconds the answer can be taken back."""
    words = Words(text=text, by=here.caller.name, key=show("ent", key), seen=version)
    policy = read_policy(here.tx, here.house.settings)
    try:
        reply(here.tx, here.case_id, words, policy=policy, now=here.now)
    except CaseError as refused:
        return _page(here, Draft(text, _code(refused)))
    return _to(here, here.case_id, done="sent")


@router.post("/desk/cases/{case_id}/undo")
def take_back(here: Acting, entry: EntryId) -> Response:
    """Take an answer back before it leaves; its words go back into the box."""
    try:
        undone = undo(here.tx, here.case_id, entry, now=here.now)
    except CaseError as refused:
        return _page(here, Draft(refused=_code(refused)))
    done = "partly_undone" if undone.left else "undone"
    return _to(here, here.case_id, done=done, again=show("ent", undone.entry.id))


@router.post("/desk/cases/{case_id}/insert")
def insert(
    here: Acting,
    insert: Annotated[str, Form(max_length=40)] = "",
    canned: Annotated[str, Form(max_length=40)] = "",
    text: Annotated[str, Form(), Prose(MOST_REPLY, 0)] = "",
) -> HTMLResponse:
    """Put a canned reply or the suggestion into the box, where no script does it."""
    return _page(here, Draft(text), insert=insert or canned)


@router.post("/desk/cases/{case_id}/resolve")
def resolve(here: Acting, version: Version) -> Response:
    """Close the case and go on to the next."""
    following = _neighbours(here)[1]
    try:
        handle.resolve(here.tx, here.case_id, by=here.caller.name, seen=version, now=here.now)
    except CaseError as refused:
        return _page(here, Draft(refused=_code(refused)))
    return _to(here, following, done="resolved", last=show("cas", here.case_id))


@router.post("/desk/cases/{case_id}/reopen")
def reopen(here: Acting, version: Version) -> Response:
    """Open a resolved case again."""
    return _done(here, "reopened", lambda: handle.reopen(here.tx, here.case_id, seen=version))


@router.post("/desk/cases/{case_id}/assign")
def assign(
    here: Acting, version: Version, to: Annotated[str, Form(pattern="^(me|nobody)$")]
) -> Response:
    """Take the case over, or give it back to all."""
    who = here.caller.name if to == "me" else None
    return _done(
        here,
        "taken" if who else "given_back",
        lambda: handle.assign(here.tx, here.case_id, to=who, seen=version),
    )


def _done(here: At, done: str, act: Callable[[], object]) -> Response:
    try:
        act()
    except CaseError as refused:
        return _page(here, Draft(refused=_code(refused)))
    return _to(here, here.case_id, done=done)


def _to(here: At, case_id: UUID | None, **said: str) -> RedirectResponse:
    """Lead to a case, or to the queue where there is none, with the same look."""
    path = f"/desk/cases/{show('cas', case_id)}" if case_id else "/desk"
    return RedirectResponse(here.view.at(path, **said), status_code=303)


def _page(here: At, draft: Draft, *, insert: str = "") -> HTMLResponse:
    locale = locale_of(here.request)
    facts = board.case_facts(here.tx, here.house, here.case_id, locale=locale)
    text = "\n\n".join(part for part in (draft.text, board.drafted(facts, insert)) if part)
    before, following = _neighbours(here)
    done = f"desk.done.{here.request.query_params.get('done', '')}"
    return render(
        here.request,
        "desk/short.html" if facts["case"].about else "desk/case.html",
        status=CONFLICT if draft.refused else 200,
        **facts,
        **board.queue_facts(here.tx, here.view, here.caller, current=here.case_id, now=here.now),
        before=before,
        following=following,
        text=text,
        refused=draft.refused,
        key=show("ent", new_id()),
        said=say(locale, done) if knows(done) else "",
        last=board.last(here.tx, here.request.query_params.get("last", "")),
    )


def _neighbours(here: At) -> tuple[UUID | None, UUID | None]:
    """Return the cases before and after this one in the queue; what left it goes on at its top."""
    wanted = here.view.wanted(me=here.caller.name)
    rows = list_store.queue(here.tx, wanted, at_most=board.MOST_SHOWN)
    ids = [row.case.id for row in rows]
    if here.case_id not in ids:
        return None, ids[0] if ids else None
    at = ids.index(here.case_id)
    before = ids[at - 1] if at else None
    return before, ids[at + 1] if at + 1 < len(ids) else None


def _taken_back(here: At, entry: str) -> str:
    try:
        found = read_id("ent", entry)
    except BadId:
        return ""
    said = case_store.entries(here.tx, here.case_id)
    return next((one.text for one in said if one.id == found and not one.stands), "")


def _code(refused: CaseError) -> str:
    problem = told(refused)
    return problem.code if problem else "refused"
