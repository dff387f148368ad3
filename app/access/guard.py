"""The doorkeepers. Every route names one; a test walks all routes and fails where none stands.

`scope` opens to API keys only and knows no cookie; `role` opens to staff who logged in;
`signed_link` to whoever holds a link we signed; `token` to a page of another site that holds one
person's; `open_to_all` says why nobody need be asked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute

from app.access import sessions, store
from app.access.keys import Caller, KeyRing
from app.access.roles import PERMISSIONS, Permission, Role
from app.db.transaction import begin
from app.house import House
from app.http.csrf import check_token, token_for
from app.http.deps import house_of, secret_of
from app.http.problems import Problem
from app.http.witness import AS_CALLER

BEARER = "bearer "
Link = Callable[[House, str], Any]


class Guard:
    """A dependency that lets a request through or refuses it."""

    def __init__(self, says: str) -> None:
        self.says = says

    def __repr__(self) -> str:
        return self.says


class KeyGuard(Guard):
    """Opens to a valid API key that has the scope."""

    def __init__(self, wanted: Permission) -> None:
        super().__init__(f"scope {wanted}")
        self.wanted = wanted

    async def __call__(self, request: Request) -> Caller:
        """Return the caller.

        Raises:
            Problem: 401 `no_key` or `bad_key`; 403 `missing_scope`.
        """
        caller: Caller = request.scope.get(AS_CALLER) or await _of_key(request)
        if self.wanted not in caller.scopes:
            raise Problem(
                status=403,
                code="missing_scope",
                detail=f"this API key lacks {self.wanted}",
            )
        request.state.caller = caller
        return caller


class RoleGuard(Guard):
    """Opens to staff whose role is one of those named; checks the form token of unsafe requests."""

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__(f"role {', '.join(sorted(roles))}")
        self.roles = roles

    async def __call__(self, request: Request) -> Caller:
        """Return the member of staff.

        Raises:
            Problem: 401 `login_needed`; 403 `not_your_role` or `csrf`.
        """
        house = house_of(request)
        token = request.cookies.get(sessions.cookie_name(house.settings.public_url), "")
        member = await run_in_threadpool(_member, house, token) if token else None
        if member is None:
            raise Problem(status=401, code="login_needed", detail="log in first")
        if Role(member.role) not in self.roles:
            raise Problem(
                status=403,
                code="not_your_role",
                detail=f"this is for: {', '.join(self.roles)}",
            )
        await check_token(request, secret_of(house), token)
        request.state.csrf = token_for(secret_of(house), token)
        request.state.caller = _caller(member)
        return _caller(member)


class LinkGuard(Guard):
    """Opens to a link we signed for one purpose; `{token}` in the path is the link."""

    def __init__(self, purpose: str, open_link: Link, *, needs_form_token: bool) -> None:
        super().__init__(f"signed link {purpose}")
        self.open_link, self.needs_form_token = open_link, needs_form_token

    async def __call__(self, request: Request, token: str) -> Any:
        """Return what the link stands for.

        Raises:
            BadLink: If we never made it, which answers 404.
            Problem: 403 `csrf`.
        """
        house = house_of(request)
        opened = self.open_link(house, token)
        if self.needs_form_token:
            await check_token(request, secret_of(house), token)
        request.state.csrf = token_for(secret_of(house), token)
        return opened


class TokenGuard(Guard):
    """Opens to a short-lived token that stands for one person, sent as `Authorization: Bearer`.

    No cookie, key or link opens it: a page of another site sends what its own server asked for.
    """

    def __init__(self, purpose: str, open_token: Link) -> None:
        super().__init__(f"token {purpose}")
        self.open_token = open_token

    async def __call__(self, request: Request) -> Any:
        """Return what the token stands for.

        Raises:
            Problem: 401 if there is none, or whatever `open_token` raises for one that is wrong.
        """
        text = _bearer(request)
        if text is None:
            raise _unauthorized("no_token", "send the token of the page: Authorization: Bearer e.…")
        return self.open_token(house_of(request), text)


class OpenGuard(Guard):
    """Asks nobody, and says why."""

    async def __call__(self) -> None:
        """Let everyone through."""


def scope(permission: str) -> Any:
    """Return the dependency that lets in API keys with a scope.

    It yields the caller: `caller: Annotated[Caller, scope("orders:write")]`.
    """
    return Depends(KeyGuard(Permission(permission)))


def role(*names: str) -> Any:
    """Return the dependency that lets in staff of these roles."""
    return Depends(RoleGuard(frozenset(Role(name) for name in names)))


def may(permission: str) -> Any:
    """Return the dependency that lets in staff whose role is granted a permission."""
    granted = {known for known, rights in PERMISSIONS.items() if Permission(permission) in rights}
    return Depends(RoleGuard(frozenset(granted)))


def open_to_all(why: str) -> Any:
    """Return the dependency of a route that anybody may call, with the reason in words."""
    return Depends(OpenGuard(f"open: {why}"))


def signed_link(purpose: str, open_link: Link, *, needs_form_token: bool = True) -> Any:
    """Return the dependency of a page behind a signed link.

    `open_link` takes the house and the link's text and returns what it stands for, or raises. Only
    a one-click unsubscribe (RFC 8058), which no form sends, goes without the form token.
    """
    return Depends(LinkGuard(purpose, open_link, needs_form_token=needs_form_token))


def greet(request: Request) -> None:
    """Note who is logged in on a page that asks nobody, so that its navigation is theirs."""
    house = house_of(request)
    token = request.cookies.get(sessions.cookie_name(house.settings.public_url), "")
    if token and (member := _member(house, token)):
        request.state.csrf = token_for(secret_of(house), token)
        request.state.caller = _caller(member)


def key_ring(request: Request) -> KeyRing:
    """Return the process's key ring."""
    state = request.app.state
    known = cast(KeyRing | None, getattr(state, "key_ring", None))
    if known is None:
        known = state.key_ring = KeyRing(house_of(request).engine)
    return known


def token(purpose: str, open_token: Link) -> Any:
    """Return the dependency of a door for pages of other sites, opened by one person's token.

    `open_token` takes the house and the token's text and returns what it stands for, or raises.
    """
    return Depends(TokenGuard(purpose, open_token))


def guards_of(dependant: Dependant | None) -> Iterator[Guard]:
    """Yield the guards among a route's dependencies, at any depth."""
    for inner in dependant.dependencies if dependant else ():
        call: object = inner.call
        if isinstance(call, Guard):
            yield call
        yield from guards_of(inner)


def doors(routes: Sequence[BaseRoute]) -> Mapping[str, tuple[Guard, ...]]:
    """Return every endpoint as `METHODS /path` with the guards it names; none is a mistake.

    Mounted static files and the schema itself are no endpoints.
    """
    return {
        f"{'/'.join(sorted(found.methods or ()))} {found.path}": tuple(guards_of(found.dependant))
        for found in iter_route_contexts(routes)
        if isinstance(found.original_route, APIRoute)
    }


def _member(house: House, token: str) -> store.StaffRow | None:
    with begin(house.engine) as tx:
        return sessions.whose(tx, token)


def _caller(member: store.StaffRow) -> Caller:
    return Caller(
        name=f"staff:{member.email}",
        scopes=frozenset(PERMISSIONS[Role(member.role)]),
        role=member.role,
        display=member.name,
    )


async def _of_key(request: Request) -> Caller:
    text = _bearer(request)
    if text is None:
        raise _unauthorized("no_key", "send your API key: Authorization: Bearer ob_…")
    ring = key_ring(request)
    caller = ring.remembered(text) or await run_in_threadpool(ring.look_up, text)
    if caller is None:
        raise _unauthorized("bad_key", "this API key is unknown, expired or revoked")
    return caller


def _bearer(request: Request) -> str | None:
    header = request.headers.get("authorization", "")
    is_bearer = header[: len(BEARER)].lower() == BEARER
    return header[len(BEARER) :].strip() if is_bearer else None


def _unauthorized(code: str, detail: str) -> Problem:
    return Problem(
        status=401,
        code=code,
        detail=detail,
        headers={"WWW-Authenticate": 'Bearer realm="orderbell"'},
    )


Anyone = Annotated[None, open_to_all("a public page")]
