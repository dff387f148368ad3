"""Fits an app with everything that stands between the socket and the endpoints."""

import traceback
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.errors import AppError
from app.http import database, faults
from app.http.cors import Embedding
from app.http.csrf import SameOrigin
from app.http.headers import Headers
from app.http.pages import render
from app.http.problems import Problem, answer, told
from app.http.reading import API, CleanReading
from app.http.trail import RequestId, request_id
from app.settings import Settings
from app.words.say import best_locale
from orders_core.errors import CoreError

log = structlog.get_logger("app.http")

STATIC = Path(__file__).parent / "static"
MOST_FRAMES = 12
KEPT = "public, max-age=31536000, immutable"
OK, UNAUTHORIZED, SERVER_FAULT = 200, 401, 500
CODES: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "wrong_method",
    413: "too_large",
    415: "wrong_content_type",
}
WORDS: Mapping[int, str] = {
    404: "nothing lives at this address",
    405: "this address does not take that method",
}


def fit(app: FastAPI, settings: Settings, *, larger: Mapping[str, int] | None = None) -> None:
    """Add the layers, the answers to errors and the static files to an app.

    `larger` allows bodies of more bytes than a megabyte under some path prefixes.
    """
    app.state.settings = settings
    app.add_middleware(SameOrigin, public_url=settings.public_url)
    app.add_middleware(CleanReading, larger=larger)
    app.add_middleware(Embedding, origins=settings.embedding)
    app.add_middleware(
        Headers,
        is_https=settings.public_url.startswith("https://"),
        on_failure=_unforeseen,
    )
    app.add_middleware(RequestId)  # added last: the outermost
    for error in (
        Problem,
        HTTPException,
        RequestValidationError,
        CoreError,
        AppError,
        *database.ERRORS,
    ):
        app.add_exception_handler(error, _known)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")


class KeptFiles(StaticFiles):
    """Static files; an address that carries the content's hash may be kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve one file."""
        response = await super().get_response(path, scope)
        if response.status_code == OK and scope["query_string"].startswith(b"v="):
            response.headers["cache-control"] = KEPT
        return response


def problem_of(error: Exception) -> Problem:
    """Return the problem that any error becomes; what nobody foresaw is a 500 without details."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return faults.problem_of(error.errors(), body=error.body)
        case HTTPException():
            return _plain(error)
    known = database.problem_of(error) or told(error)
    return known or Problem(
        status=SERVER_FAULT,
        code="unforeseen",
        detail="something failed here; quote the request id",
    )


def _plain(error: HTTPException) -> Problem:
    status = error.status_code
    return Problem(
        status=status,
        code=CODES.get(status, f"http_{status}"),
        detail=WORDS.get(status, str(error.detail)),
        headers=dict(error.headers or {}),
    )


async def _known(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem.status >= SERVER_FAULT:
        _report(request, problem, error)
    return shown(request, problem)


def _unforeseen(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    _report(request, problem, error)
    return shown(request, problem)


def _report(request: Request, problem: Problem, error: Exception) -> None:
    """Log what failed and where, without its message: that may hold somebody's data."""
    log.error(
        "request_failed",
        route=getattr(request.scope.get("route"), "path", None),  # a path may hold a signed link
        code=problem.code,
        fault=type(error).__name__,
        frames=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        ],
    )


def shown(request: Request, problem: Problem) -> Response:
    """Show a problem the way the caller reads: a page to a person, a document to a program."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if request.url.path.startswith(API) or not wants_page:
        tongue = request.headers.get("accept-language", "")
        return answer(problem, locale=best_locale(tongue, default="en"))  # as details are
    if problem.status == UNAUTHORIZED and request.method == "GET":
        wish = request.url.replace(scheme="", netloc="")
        return RedirectResponse(f"/login?next={quote(str(wish), safe='')}", status_code=303)
    response = render(
        request,
        "error.html",
        status=problem.status,
        problem=problem,
        request_id=request_id(),
    )
    response.headers.update(problem.headers)
    return response
