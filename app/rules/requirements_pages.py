"""The page of requirements: every table and machine, who may do what; to read and take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Role
from app.http.deps import Transaction
from app.http.pages import locale_of, render
from app.rules.check import check
from app.rules.drawing import Box, Drawing, draw
from app.rules.gather import rulings
from app.rules.machine import Machine
from app.rules.machines import machines
from app.rules.markdown import example_line
from app.rules.mermaid import mermaid
from app.rules.requirements import (
    Ruling,
    Step,
    in_any_order,
    matrix,
    page,
    state,
    steps,
    word,
)
from app.rules.requirements import may as allowed
from app.words.say import knows, say

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may("rules:read")]
Language = Annotated[Literal["zh", "en"] | None, Query()]


@dataclass(frozen=True)
class Shown:
    """A machine as the page shows it: drawn, in words, and as text to take away."""

    key: str
    drawing: Drawing
    labels: dict[str, str]
    moves: dict[str, str]
    steps: Sequence[Step]
    in_any_order: str
    text: str


@router.get("/rules/requirements")
def requirements(request: Request, tx: Transaction, _: Reader) -> HTMLResponse:
    """Show what the house decides and allows, as the code and the tables say it now."""
    locale = locale_of(request)
    return render(
        request,
        "rules/requirements.html",
        rulings=[_table(one, locale) for one in rulings(tx)],
        machines=[_machine(one, locale) for one in machines()],
        roles=[word(locale, "role", role) for role in Role],
        matrix=[(str(one), allowed(locale, one), granted) for one, granted in matrix()],
    )


@router.get("/rules/requirements.md")
def as_markdown(
    request: Request, tx: Transaction, _: Reader, language: Language = None
) -> Response:
    """Return the page in Markdown, in the visitor's language or the one asked for."""
    locale = language or locale_of(request)
    headers = {"content-disposition": f'attachment; filename="requirements.{locale}.md"'}
    text = page(rulings(tx), locale)
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


def _table(one: Ruling, locale: str) -> dict[str, Any]:
    table = one.table
    key = f"requirements.table.{table.name}"
    return {
        "about": say(locale, key) if knows(key) else "",
        "table": table,
        "version": one.version,
        "examples": [example_line(table, at) for at in range(len(table.rows))],
        "holes": check(table).holes,
    }


def _machine(machine: Machine, locale: str) -> Shown:
    drawing = draw(machine)
    codes = {code for box in drawing.boxes for code in _codes(box)}
    names = {name for curve in drawing.curves for name in curve.names}
    return Shown(
        key=machine.key,
        drawing=drawing,
        labels={code: state(machine, locale, code) for code in codes},
        moves={name: word(locale, f"move.{machine.key}", name) for name in names},
        steps=steps(machine, locale),
        in_any_order=in_any_order(machine, locale) if machine.group else "",
        text=mermaid(machine),
    )


def _codes(box: Box) -> Sequence[str]:
    return (box.state, *box.members)
