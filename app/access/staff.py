"""Members of staff: who they are and how they prove it."""

import secrets
from collections.abc import Mapping
from typing import NamedTuple

from app.access import store
from app.access.passwords import hash_password
from app.access.roles import Role
from orders_core.ids import new_id
from orders_core.tx import Tx


class Named(NamedTuple):
    """What an invented member of staff is called."""

    email: str
    name: str


DEMO_STAFF: Mapping[Role, Named] = {
    Role.AGENT: Named("agent@shop.example", "宋以安 Ann Song"),
    Role.LEAD: Named("lead@shop.example", "顾行舟 Joe Gu"),
    Role.MARKETER: Named("marketer@shop.example", "叶知微 Vera Ye"),
    Role.OPERATOR: Named("operator@shop.example", "陆北辰 Ben Lu"),
}


def put(tx: Tx, *, email: str, name: str, password: str, role: str) -> None:
    """Make a member of staff, or give a known one this name, password and role.

    Every session of theirs ends, as nobody keeps rights of before.

    Raises:
        ValueError: If there is no such role, or the password is shorter than 10 characters.
    """
    known, address = Role(role), email.strip().lower()
    password_hash = hash_password(password)
    if store.put_staff(tx, email=address, name=name, password_hash=password_hash, role=known):
        store.end_sessions_of(tx, address)
        return
    row = store.StaffRow(
        id=new_id(), email=address, name=name, password_hash=password_hash, role=known
    )
    store.add_staff(tx, row)


def demo_member(tx: Tx, role: Role) -> store.StaffRow:
    """Return the demo's member of staff of a role, made with a password nobody knows if need be."""
    named = DEMO_STAFF[role]
    if known := store.staff_by_email(tx, named.email):
        return known
    row = store.StaffRow(
        id=new_id(),
        email=named.email,
        name=named.name,
        password_hash=hash_password(secrets.token_urlsafe(24)),
        role=role,
    )
    store.add_staff(tx, row)
    return row
