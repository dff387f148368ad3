"""Logging in and out."""

import secrets
import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.access import audit, sessions, staff, store
from app.access.guard import open_to_all, role
from app.access.keys import Caller
from app.access.lockout import Lockout, counted
from app.access.own_machine import sits_here
from app.access.passwords import is_right
from app.access.roles import PERMISSIONS, Permission, Role
from app.db.transaction import begin
from app.house import House
from app.http import nav
from app.http.csrf import check_token, token_for
from app.http.deps import TheHouse, Transaction, house_of, secret_of
from app.http.pages import render
from app.http.problems import Problem

router = APIRouter(include_in_schema=False)

BEFORE_COOKIE = "ob_before"  # ties a login form to the browser that asked for it
HOME = "/ops"
NEXT_CHARACTERS = 500
Text = Annotated[str, Form(max_length=1000)]
Public = Annotated[None, open_to_all("who is not logged in yet must be able to")]
Wish = Annotated[str, Form()]
AnyStaff = Annotated[Caller, role(*Role)]


@dataclass(frozen=True)
class Entry:
    """What somebody typed to get in."""

    email: str
    password: str


async def _form_from_here(request: Request) -> None:
    binding = request.cookies.get(BEFORE_COOKIE, "")
    await check_token(request, secret_of(house_of(request)), f"login:{binding}")


@router.get("/login")
def login_page(request: Request, _: Public, next: str = HOME) -> HTMLResponse:
    """Show the login form."""
    return _form(request, wish=safe_next(next))


@router.post("/login", dependencies=[Depends(_form_from_here)])
def login(request: Request, _: Public, email: Text, password: Text, next: Wish = HOME) -> Response:
    """Start a session, under a new id, for whoever brings the right password."""
    return _let_in(request, Entry(email.strip().lower(), password), safe_next(next))


@router.post("/login/demo", dependencies=[Depends(_form_from_here)])
def login_demo(request: Request, house: TheHouse, _: Public, next: Wish = HOME) -> RedirectResponse:
    """Let whoever sits at the demo's own machine in as its operator."""
    if not _may_enter_demo(request, house):
        raise Problem(status=403, code="not_a_demo", detail="only a demo opens without a password")
    with begin(house.engine) as tx:
        member = staff.demo_member(tx, Role.OPERATOR)
    return let_in(request, house, member, safe_next(next))


@router.post("/logout")
def logout(request: Request, tx: Transaction, house: TheHouse, _: AnyStaff) -> RedirectResponse:
    """End the session."""
    url = house.settings.public_url
    sessions.end(tx, request.cookies[sessions.cookie_name(url)])
    response = RedirectResponse("/login", status_code=303)
    sessions.drop_cookie(response, public_url=url)
    return response


def safe_next(wish: str) -> str:
    """Return a path of ours to go on to, whatever was asked for."""
    is_ours = wish.startswith("/") and not wish.startswith(("//", "/\\"))
    is_plain = wish.isprintable() and "\\" not in wish and len(wish) <= NEXT_CHARACTERS
    return wish if is_ours and is_plain else HOME


def _let_in(request: Request, entry: Entry, wish: str) -> Response:
    house = house_of(request)
    lockout = _lockout(request)
    login = counted(entry.email, request.client.host if request.client else "")
    wait = lockout.wait_seconds(login, at=time.monotonic())
    if wait > 0:
        return _form(request, wish=wish, email=entry.email, wait_seconds=wait)
    with begin(house.engine) as tx:
        member = store.staff_by_email(tx, entry.email)
    # No connection is held while the password is checked: that is slow on purpose.
    if not is_right(member.password_hash if member else None, entry.password) or member is None:
        lockout.missed(login, at=time.monotonic())
        return _form(request, wish=wish, email=entry.email, is_wrong=True)
    lockout.succeeded(login)
    return let_in(request, house, member, wish)


def let_in(request: Request, house: House, member: store.StaffRow, wish: str) -> RedirectResponse:
    """Start a session of a member of staff, under a new id, and lead on to a path of ours."""
    url = house.settings.public_url
    rights = PERMISSIONS[Role(member.role)]
    if wish == HOME and Permission.OPS_READ not in rights:
        wish = nav.home(rights)
    before = request.cookies.get(sessions.cookie_name(url))
    with begin(house.engine) as tx:
        if before:
            sessions.end(tx, before)
        token = sessions.start(tx, member.id)
        audit.record(tx, f"staff:{member.email}", "session.start", member.email, "login")
    response = RedirectResponse(wish, status_code=303)
    sessions.put_cookie(response, token, public_url=url)
    response.delete_cookie(BEFORE_COOKIE)
    return response


def _form(
    request: Request,
    *,
    wish: str,
    email: str = "",
    is_wrong: bool = False,
    wait_seconds: float = 0.0,
) -> HTMLResponse:
    house = house_of(request)
    binding = request.cookies.get(BEFORE_COOKIE) or secrets.token_urlsafe(16)
    request.state.csrf = token_for(secret_of(house), f"login:{binding}")
    response = render(
        request,
        "access/login.html",
        status=429 if wait_seconds else 401 if is_wrong else 200,
        next=wish,
        email=email,
        is_wrong=is_wrong,
        wait_seconds=wait_seconds,
        may_enter_demo=_may_enter_demo(request, house),
    )
    if wait_seconds:
        response.headers["retry-after"] = str(round(wait_seconds) or 1)
    response.set_cookie(
        BEFORE_COOKIE,
        binding,
        httponly=True,
        samesite="lax",
        secure=house.settings.public_url.startswith("https://"),
    )
    return response


def _may_enter_demo(request: Request, house: House) -> bool:
    return sits_here(request, house.settings)


def _lockout(request: Request) -> Lockout:
    known: Lockout | None = getattr(request.app.state, "lockout", None)
    if known is None:
        known = request.app.state.lockout = Lockout()
    return known
