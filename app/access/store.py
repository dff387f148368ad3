"""The rows of staff, sessions, API keys and the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from app.access.tables import api_key, audit, session, staff
from orders_core.tx import Tx


@dataclass(frozen=True, kw_only=True)
class StaffRow:
    """One member of staff."""

    id: UUID
    email: str
    name: str
    password_hash: str
    role: str


@dataclass(frozen=True, kw_only=True)
class KeyRow:
    """One API key as it is stored: never the key itself."""

    id: str
    secret_hash: bytes
    label: str
    live: bool
    scopes: tuple[str, ...]
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


def add_staff(tx: Tx, row: StaffRow) -> None:
    """Write a new member of staff; the e-mail address must be new."""
    tx.execute(insert(staff).values(**vars(row)))


def put_staff(tx: Tx, *, email: str, name: str, password_hash: str, role: str) -> bool:
    """Give an existing member of staff this name, password and role; False if there is none."""
    done = tx.execute(
        update(staff)
        .where(staff.c.email == email)
        .values(name=name, password_hash=password_hash, role=role)
    )
    return done.rowcount == 1


def staff_by_email(tx: Tx, email: str) -> StaffRow | None:
    """Find a member of staff by e-mail address, lower case."""
    row = tx.execute(select(staff).where(staff.c.email == email)).one_or_none()
    return StaffRow(**row._mapping) if row else None


def write_session(tx: Tx, token_hash: bytes, staff_id: UUID, *, lasts: timedelta) -> None:
    """Write a new session that ends for good after `lasts` of machine time."""
    now = func.clock_timestamp()
    tx.execute(
        insert(session).values(
            token_hash=token_hash,
            staff_id=staff_id,
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
        )
    )


def live_session(tx: Tx, token_hash: bytes, *, idle: timedelta) -> tuple[StaffRow, bool] | None:
    """Find whose session this is, unless it ended or lay idle; also whether it is due a `touch`."""
    now = func.clock_timestamp()
    row = tx.execute(
        select(staff, (session.c.seen_at < now - timedelta(minutes=1)).label("is_stale"))
        .join(session, session.c.staff_id == staff.c.id)
        .where(
            session.c.token_hash == token_hash,
            session.c.expires_at > now,
            session.c.seen_at > now - idle,
        )
    ).one_or_none()
    if row is None:
        return None
    facts = dict(row._mapping)
    is_stale = facts.pop("is_stale")
    return StaffRow(**facts), is_stale


def touch_session(tx: Tx, token_hash: bytes) -> None:
    """Note that a session was used just now."""
    tx.execute(
        update(session)
        .where(session.c.token_hash == token_hash)
        .values(seen_at=func.clock_timestamp())
    )


def end_session(tx: Tx, token_hash: bytes) -> None:
    """Forget one session."""
    tx.execute(delete(session).where(session.c.token_hash == token_hash))


def end_sessions_of(tx: Tx, email: str) -> int:
    """Forget every session of one member of staff; return how many there were."""
    whose = select(staff.c.id).where(staff.c.email == email).scalar_subquery()
    return tx.execute(delete(session).where(session.c.staff_id == whose)).rowcount


def drop_dead_sessions(tx: Tx, *, idle: timedelta) -> int:
    """Forget sessions that ended or lay idle; return how many."""
    now = func.clock_timestamp()
    dead = or_(session.c.expires_at <= now, session.c.seen_at <= now - idle)
    return tx.execute(delete(session).where(dead)).rowcount


def add_key(tx: Tx, row: KeyRow) -> None:
    """Write a new API key."""
    facts = {
        **vars(row),
        "scopes": list(row.scopes),
        "created_at": func.clock_timestamp(),
    }
    tx.execute(insert(api_key).values(**facts))


def key_by_hash(tx: Tx, secret_hash: bytes) -> KeyRow | None:
    """Find a key that is neither revoked nor expired by the SHA-256 of its text."""
    return _valid_key(tx, api_key.c.secret_hash == secret_hash)


def key_by_id(tx: Tx, key_id: str) -> KeyRow | None:
    """Find a key that is neither revoked nor expired by its id."""
    return _valid_key(tx, api_key.c.id == key_id)


def _valid_key(tx: Tx, is_it: ColumnElement[bool]) -> KeyRow | None:
    row = tx.execute(
        select(*_key_columns()).where(
            is_it,
            api_key.c.revoked_at.is_(None),
            or_(
                api_key.c.expires_at.is_(None),
                api_key.c.expires_at > func.clock_timestamp(),
            ),
        )
    ).one_or_none()
    return _key(row._mapping) if row else None


def keys(tx: Tx) -> Sequence[KeyRow]:
    """List every key ever made, newest last."""
    return [
        _key(row._mapping)
        for row in tx.execute(select(*_key_columns()).order_by(api_key.c.created_at))
    ]


def touch_key(tx: Tx, key_id: str) -> None:
    """Note that a key was used, at most once a minute."""
    now = func.clock_timestamp()
    tx.execute(
        update(api_key)
        .where(
            api_key.c.id == key_id,
            or_(
                api_key.c.last_used_at.is_(None),
                api_key.c.last_used_at < now - timedelta(minutes=1),
            ),
        )
        .values(last_used_at=now)
    )


def revoke_key(tx: Tx, key_id: str) -> bool:
    """Make a key worthless from now on; False if there is none or it was revoked before."""
    done = tx.execute(
        update(api_key)
        .where(api_key.c.id == key_id, api_key.c.revoked_at.is_(None))
        .values(revoked_at=func.clock_timestamp())
    )
    return done.rowcount == 1


def write_audit(tx: Tx, row: Mapping[str, Any]) -> None:
    """Append one line to the audit trail."""
    tx.execute(insert(audit).values(**row))


def latest_audit(tx: Tx, *, at_most: int, without: Collection[str] = ()) -> Sequence[Any]:
    """Return the newest lines of the audit trail, newest first, `without` some actions."""
    wanted = select(audit).where(audit.c.action.not_in(without))
    return tx.execute(wanted.order_by(audit.c.id.desc()).limit(at_most)).all()


def _key_columns() -> list[Any]:
    return [column for column in api_key.c if column.name != "created_at"]


def _key(facts: Mapping[Any, Any]) -> KeyRow:
    return KeyRow(**{**facts, "scopes": tuple(facts["scopes"])})
