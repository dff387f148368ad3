"""The API to read: every operation with its fields and a curl, and what each problem means."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.access.guard import greet, open_to_all
from app.http.deps import TheHouse
from app.http.pages import render
from app.ops.docs import sections
from app.words.say import keys

router = APIRouter(include_in_schema=False)

PROBLEM = "problem."
Public = Annotated[None, open_to_all("the API is no secret")]


@router.get("/docs")
def docs(request: Request, house: TheHouse, _: Public) -> HTMLResponse:
    """Show every operation."""
    greet(request)
    api = request.app.openapi()
    found = sections(api, base_url=house.settings.public_url.rstrip("/"))
    return render(request, "docs/api.html", sections=found, version=api["info"]["version"])


@router.get("/docs/problems")
def problems(request: Request, _: Public) -> HTMLResponse:
    """Show every problem code that has a sentence: `type` of a problem leads here."""
    greet(request)
    return render(request, "docs/problems.html", codes=codes())


def codes() -> list[str]:
    """Return the codes that answers carry and the catalogues explain."""
    return sorted(key.removeprefix(PROBLEM) for key in keys() if key.startswith(PROBLEM))
