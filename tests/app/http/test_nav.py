"""The navigation: what a role may open and nothing else, and where somebody is."""

import pytest
from fastapi.routing import iter_route_contexts

from app.access.guard import RoleGuard, guards_of
from app.access.roles import PERMISSIONS, Permission, Role
from app.entry.web import ROUTERS
from app.http import nav

ADDRESSES = [place.address for place in nav.PLACES]


def open_to(address: str) -> frozenset[Role]:
    """Return the roles that a page's own guard lets in; everybody where it stands open."""
    for router in ROUTERS:
        for route in iter_route_contexts(router.routes):
            if route.path == address and "GET" in (route.methods or ()):
                guards = [one for one in guards_of(route.dependant) if isinstance(one, RoleGuard)]
                return guards[0].roles if guards else frozenset(Role)
    raise AssertionError(f"no page at {address}")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_role_is_shown_exactly_the_pages_that_let_it_in(role: Role, address: str) -> None:
    shown = {entry.address for entry in nav.entries(PERMISSIONS[role], path="/")}

    assert (address in shown) is (role in open_to(address))


def test_rights_are_called_as_in_the_table_of_roles() -> None:
    assert {place.wants for place in nav.PLACES if place.wants} <= set(Permission)


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/desk", "/desk"),
        ("/desk/cas_1", "/desk"),
        ("/desk/forecast", "/desk/forecast"),
        ("/ops/flow", "/ops/flow"),
        ("/ops/books", "/ops"),
        ("/opsy", None),
        ("/", None),
    ],
)
def test_the_longest_address_that_holds_a_page_is_marked(path: str, here: str | None) -> None:
    marked = [one.address for one in nav.entries(frozenset(Permission), path=path) if one.is_here]

    assert marked == ([here] if here else [])


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_first_page(role: Role) -> None:
    assert role in open_to(nav.home(PERMISSIONS[role]))
