"""The editing pages of decision tables: forms and buttons, so a keyboard is all they need."""

from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import audit
from app.access.guard import may
from app.access.keys import Caller
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render
from app.rules import log_pages, requirements_pages, standard, store
from app.rules.check import Checked, FaultyTable, check
from app.rules.engine import Judge
from app.rules.examples import failed_examples
from app.rules.grid import Grid, changed, grid_of, typed
from app.rules.markdown import requirements
from app.rules.replay import Changed, dry_run
from app.rules.rule import ExamplesFail, publish, save
from app.rules.sheet import BadSheet, read_sheet
from app.rules.table import Table
from orders_core.errors import NotFound
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)
router.include_router(requirements_pages.router)  # before /rules/{name}, which they are not
router.include_router(log_pages.router)

Reader = Annotated[Caller, may("rules:read")]
Writer = Annotated[Caller, may("rules:write")]
Number = Annotated[int | None, Query(ge=1, le=10**9)]
MOST_SHOWN = 50
NEW = """table,new_table,first,complete
column,when amount,then action,note
sort,number >= 0,word,
rule,-,ask,
"""


@dataclass(frozen=True)
class Look:
    """What a grid comes to: the table if it can be read, and everything that is wrong with it."""

    table: Table | None
    says: str = ""
    checked: Checked | None = None
    failed: tuple[int, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether it may be saved."""
        return self.checked is not None and not self.checked.faults and not self.failed


def look(grid: Grid) -> Look:
    """Read a grid as far as it goes."""
    try:
        table = grid.table()
    except BadSheet as fault:
        return Look(None, says=str(fault))
    checked = check(table)
    if checked.faults:
        return Look(table, checked=checked)
    failed = tuple(one.number for one in failed_examples(Judge(table)))
    return Look(table, checked=checked, failed=failed)


@router.get("/rules")
def overview(request: Request, tx: Transaction, caller: Reader) -> HTMLResponse:
    """List the tables, those among them that the product brings and nobody asked yet."""
    known = store.tables(tx)
    brought = sorted({*standard.names()} - {name for name, _, _ in known})
    tables = [*known, *((name, None, 0) for name in brought)]
    return render(request, "rules/list.html", tables=tables, may_write=_may_write(caller))


@router.get("/rules/new")
def new(request: Request, _: Writer) -> HTMLResponse:
    """Begin a table, or bring one in as CSV."""
    return _editor(request, grid_of(read_sheet(NEW)))


@router.post("/rules/new")
def bring_in(request: Request, _: Writer, sheet: Annotated[str, Form()] = "") -> HTMLResponse:
    """Lay a CSV sheet out for editing; nothing is saved yet."""
    try:
        return _editor(request, grid_of(read_sheet(sheet)))
    except BadSheet as fault:
        grid = grid_of(read_sheet(NEW))
        return _editor(request, grid, status=422, sheet=sheet, says=str(fault))


@router.get("/rules/{name}")
def one(
    request: Request, name: str, tx: Transaction, caller: Reader, version: Number = None
) -> HTMLResponse:
    """Show a table: the version that rules or the one asked for, its past and its rulings."""
    saved = _saved(tx, name, version)
    table = read_sheet(saved.sheet)
    return render(
        request,
        "rules/table.html",
        saved=saved,
        table=table,
        holes=check(table).holes,
        live=store.live(tx, name),
        versions=store.versions(tx, name),
        rulings=store.rulings(tx, name, at_most=MOST_SHOWN),
        may_write=_may_write(caller),
    )


@router.get("/rules/{name}/sheet.csv")
def as_csv(name: str, tx: Transaction, _: Reader, version: Number = None) -> Response:
    """Return a version as the CSV sheet it was saved as."""
    saved = _saved(tx, name, version)
    headers = {"content-disposition": f'attachment; filename="{saved.name}-{saved.version}.csv"'}
    return Response(saved.sheet, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/rules/{name}/page.md")
def as_markdown(
    request: Request, name: str, tx: Transaction, _: Reader, version: Number = None
) -> Response:
    """Return a version as a page of requirements."""
    saved = _saved(tx, name, version)
    page = requirements(read_sheet(saved.sheet), locale_of(request), version=saved.version)
    return Response(page, media_type="text/markdown; charset=utf-8")


@router.get("/rules/{name}/edit")
def edit(
    request: Request, name: str, tx: Transaction, _: Writer, version: Number = None
) -> HTMLResponse:
    """Open a version for editing."""
    return _editor(request, grid_of(read_sheet(_saved(tx, name, version).sheet)))


@router.post("/rules/edit")
def act(  # noqa: PLR0913, PLR0917 - the fields of one form
    request: Request,
    tx: Transaction,
    now: Now,
    caller: Writer,
    do: Annotated[str, Form(max_length=20)],
    head: Annotated[str, Form(max_length=20_000)],
    cell: Annotated[list[str] | None, Form()] = None,
    example: Annotated[list[str] | None, Form()] = None,
    why: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Change the grid, try it on the past, or save it as the next version."""
    grid = changed(typed(head, cell or (), example or ()), do)
    if do == "save" and len(why.strip()) > 2:  # noqa: PLR2004 - a reason has a word at least
        try:
            saved = save(tx, grid.sheet, by=caller.name, why=why.strip(), now=now)
        except (BadSheet, FaultyTable, ExamplesFail):
            return _editor(request, grid, status=422, why=why)
        audit.record(tx, caller.name, "rules.save", f"{saved.name} {saved.version}", why.strip())
        return RedirectResponse(f"/rules/{saved.name}?version={saved.version}", status_code=303)
    tried = _tried(tx, grid) if do == "try" else None
    return _editor(request, grid, tried=tried, why=why)


@router.post("/rules/{name}/publish")
def let_rule(
    tx: Transaction, name: str, caller: Writer, version: Annotated[int, Form(ge=1, le=10**9)]
) -> RedirectResponse:
    """Let a version rule from now on."""
    publish(tx, name, version)
    audit.record(tx, caller.name, "rules.publish", f"{name} {version}", "")
    return RedirectResponse(f"/rules/{name}", status_code=303)


def _tried(tx: Tx, grid: Grid) -> list[Changed] | None:
    found = look(grid)
    return dry_run(tx, found.table) if found.table and found.is_sound else None


def _editor(request: Request, grid: Grid, *, status: int = 200, **facts: Any) -> HTMLResponse:
    shown = {"tried": None, "why": "", "sheet": "", "says": ""} | facts
    return render(request, "rules/edit.html", status=status, grid=grid, look=look(grid), **shown)


def _saved(tx: Tx, name: str, version: int | None) -> store.Saved:
    """Return a version; of a table that nobody asked yet the one the product brings, as 0."""
    number = version or store.live(tx, name) or store.newest(tx, name)
    saved = store.version(tx, name, number)
    brought = None if number else standard.saved_of(name)
    if saved or brought:
        return cast(store.Saved, saved or brought)
    raise NotFound("table", name)


def _may_write(caller: Caller) -> bool:
    return "rules:write" in caller.scopes
