"""The trail of what staff and keys did, and why: appended to in the transaction that did it."""

from collections.abc import Mapping
from typing import Any

from app.access import store
from orders_core.ids import new_id
from orders_core.tx import Tx


def record(
    tx: Tx,
    actor: str,
    action: str,
    target: str,
    why: str,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write who did what to what, and why.

    `action` is a verb such as `event.retry`; `facts` is flat JSON without anybody's address.
    """
    store.write_audit(
        tx,
        {
            "id": new_id(),
            "actor": actor,
            "action": action,
            "target": target,
            "why": why,
            "facts": dict(facts or {}),
        },
    )
