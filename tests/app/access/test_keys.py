"""API keys: shown once, kept as a hash, worthless within a second of their revocation."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from app.access import keys as key_room
from app.access import store
from app.access.keys import KeyRing, make_key
from app.access.roles import PERMISSIONS, Permission, Role, may
from app.db.transaction import begin
from orders_core.tx import Tx
from tests.shop import Shop


def test_a_dump_of_the_database_holds_no_usable_key(tx: Tx) -> None:
    key = make_key(tx, label="ci", scopes=["orders:write"])

    row = tx.execute(text("SELECT api_key::text FROM api_key")).scalar_one()
    assert key.startswith("ob_test_")
    assert key.removeprefix("ob_test_") not in row


def test_a_live_key_says_so(tx: Tx) -> None:
    assert make_key(tx, label="shop", scopes=["ask"], live=True).startswith("ob_live_")


def test_a_scope_that_is_none_is_refused(tx: Tx) -> None:
    for scope in ("orders:everything", "ops:act"):
        with pytest.raises(ValueError, match="no such scope"):
            make_key(tx, label="ci", scopes=[scope])


def test_a_ring_finds_the_caller_and_only_by_the_whole_key(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="ci", scopes=["orders:write"])
    ring = KeyRing(shop.engine)

    caller = ring.look_up(key)

    assert caller is not None
    assert caller.scopes == {"orders:write"}
    assert caller.name.startswith("test-key:")
    assert not caller.live
    for other in (key[:-1], key + "a", key.swapcase(), "", "ob_test_"):
        assert ring.look_up(other) is None


def test_a_revoked_key_is_refused_once_the_ring_has_forgotten_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="ci", scopes=["ask"])
    ring = KeyRing(shop.engine)
    caller = ring.look_up(key)
    assert caller is not None
    assert ring.remembered(key) == caller
    with begin(shop.engine) as tx:
        assert store.revoke_key(tx, caller.name.removeprefix("test-key:"))

    assert key_room.REMEMBERED_SECONDS <= 1
    monkeypatch.setattr(key_room, "REMEMBERED_SECONDS", 0.0)
    assert ring.remembered(key) is None
    assert ring.look_up(key) is None


def test_an_expired_key_is_refused(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="old", scopes=["ask"], expires_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert KeyRing(shop.engine).look_up(key) is None


def test_use_is_noted(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        key = make_key(tx, label="ci", scopes=["ask"])
    KeyRing(shop.engine).look_up(key)

    with begin(shop.engine) as tx:
        assert store.keys(tx)[0].last_used_at is not None


def test_only_the_operator_may_act_on_the_house() -> None:
    allowed = {role for role in Role if may(role, Permission.OPS_ACT)}

    assert allowed == {Role.OPERATOR}


def test_every_role_and_permission_stands_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == frozenset(Permission)
