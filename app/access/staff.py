"""Members of staff: who they are and how they prove it."""

import secrets

from app.access import store
from app.access.passwords import hash_password
from app.access.roles import Role
from orders_core.ids import new_id
from orders_core.tx import Tx

DEMO_OPERATOR = "operator@shop.example"


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


def demo_operator(tx: Tx) -> store.StaffRow:
    """Return the demo's operator, made with a password nobody knows if there is none yet."""
    if known := store.staff_by_email(tx, DEMO_OPERATOR):
        return known
    row = store.StaffRow(
        id=new_id(),
        email=DEMO_OPERATOR,
        name="Operator",
        password_hash=hash_password(secrets.token_urlsafe(24)),
        role=Role.OPERATOR,
    )
    store.add_staff(tx, row)
    return row
