"""The HTTP of the hub: tell these people this, and what was decided about whom."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter

from app.access.guard import scope
from app.access.keys import Caller
from app.http import cursors
from app.http.body import Line, PublicId
from app.http.cursors import After, Limit
from app.http.deps import Now, TheHouse, Transaction, secret_of
from app.http.idempotency import KeyedOnce
from app.hub import verdict_store
from app.hub.bodies import NoticeBody, decision_body, verdict_body
from app.hub.by_hand import read_asked, tell_by_hand
from app.hub.policy import read_policy
from orders_core.ids import new_id, show

router = APIRouter(prefix="/v1", tags=["notices"])

Writer = Annotated[Caller, scope("notices:write")]
READ = scope("messages:read")


@router.post("/notices", status_code=202)
def tell(
    said: NoticeBody,
    once: KeyedOnce,
    tx: Transaction,
    now: Now,
    house: TheHouse,
    caller: Writer,
) -> Any:
    """Tell these people this, once each for good under one `dispatch`; say what was decided."""
    asked = replace(read_asked(tx, said), is_trial=not caller.live)
    dispatch = said.dispatch or _own_dispatch(caller, once.key)

    def work() -> tuple[int, Mapping[str, Any]]:
        told = tell_by_hand(tx, asked, dispatch, policy=read_policy(tx, house.settings), now=now)
        return 202, {
            "notice": said.notice,
            "dispatch": dispatch,
            "decided": [decision_body(decision) for decision in told.decisions],
            "told_before": [show("per", one) for one in told.before],
        }

    return once.run(tx, caller.name, work)


def _own_dispatch(caller: Caller, key: str | None) -> str:
    return f"{caller.name}:{key}" if key else show("ntc", new_id())


@router.get("/verdicts", dependencies=[READ])
def verdicts(
    tx: Transaction,
    house: TheHouse,
    person: Annotated[UUID, PublicId("per")] | None = None,
    notice: Annotated[str, Line(64)] | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """List what was decided, newest first: sent, held or not sent, why, and every rule asked."""
    secret = secret_of(house)
    rows = verdict_store.page(
        tx,
        person_id=person,
        notice=notice,
        after=cursors.read(secret, after, of="verdicts"),
        at_most=limit + 1,
    )
    return cursors.page(secret, rows, limit=limit, of="verdicts").shown(verdict_body)
