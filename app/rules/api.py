"""The HTTP of decision tables: sheets in and out, versions, rulings."""

from typing import Annotated, Any

from fastapi import APIRouter, Response

from app.access import audit
from app.access.guard import scope
from app.access.keys import Caller
from app.http.body import Body, Line, Prose, Whole
from app.http.deps import Now, Transaction
from app.rules import store
from app.rules.engine import plain
from app.rules.rule import ask, publish, save
from app.rules.store import Saved
from orders_core.errors import NotFound

router = APIRouter(prefix="/v1/rules", tags=["rules"])

Reader = Annotated[Caller, scope("rules:read")]
Writer = Annotated[Caller, scope("rules:write")]
CSV = "text/csv"
MOST_VERSION = 10**9


class SheetBody(Body):
    """A table as CSV, and why it changes."""

    sheet: Annotated[str, Prose(200_000)]
    why: Annotated[str, Line(300)]


class LiveBody(Body):
    """The version that shall rule from now on."""

    version: Annotated[int, Whole(1, MOST_VERSION)]


class QuestionBody(Body):
    """What a table is asked, and about what."""

    given: dict[str, str | int | float | bool]
    about: Annotated[str, Line(80)]


@router.get("")
def page(tx: Transaction, _: Reader) -> Any:
    """List the tables: the version that rules, and the newest."""
    return {
        "data": [
            {"name": name, "live_version": live, "newest_version": newest}
            for name, live, newest in store.tables(tx)
        ]
    }


@router.get("/{name}")
def versions(name: str, tx: Transaction, _: Reader) -> Any:
    """List the versions of a table, newest first, each with its sheet."""
    found = store.versions(tx, name)
    if not found:
        raise NotFound("table", name)
    return {"live_version": store.live(tx, name), "data": [_shown(saved) for saved in found]}


@router.post("", status_code=201)
def keep(body: SheetBody, tx: Transaction, now: Now, caller: Writer) -> Any:
    """Keep a sheet as the next version of its table; one with a gap or an overlap is refused."""
    return _shown(save(tx, body.sheet, by=caller.name, why=body.why, now=now))


@router.post("/{name}/publish")
def rule(name: str, body: LiveBody, tx: Transaction, caller: Writer) -> Any:
    """Let a version rule from now on."""
    publish(tx, name, body.version)
    audit.record(tx, caller.name, "rules.publish", f"{name} {body.version}", "")
    return {"name": name, "live_version": body.version}


@router.post("/{name}/ask")
def question(name: str, body: QuestionBody, tx: Transaction, now: Now, _: Writer) -> Any:
    """Ask the version that rules; the ruling is logged with its version."""
    ruling = ask(tx, name, body.given, about=body.about, now=now)
    answers = [{key: plain(value) for key, value in one.items()} for one in ruling.answers]
    return {"rows": list(ruling.rows), "answers": answers}


@router.get("/{name}/sheet")
def sheet(name: str, tx: Transaction, _: Reader) -> Response:
    """Return the sheet that rules, to the letter as it was saved."""
    saved = store.version(tx, name, store.live(tx, name) or 0)
    if saved is None:
        raise NotFound("table that rules", name)
    return Response(saved.sheet, media_type=CSV)


def _shown(saved: Saved) -> dict[str, Any]:
    return {
        "name": saved.name,
        "version": saved.version,
        "saved_by": saved.saved_by,
        "why": saved.why,
        "saved_at": saved.saved_at.isoformat(),
        "sheet": saved.sheet,
    }
