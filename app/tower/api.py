"""The HTTP of the stage: what the tour asks for, who plays it, and the plugs to pull."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import ConfigDict, Field

from app.access.guard import scope
from app.access.keys import Caller
from app.db.transaction import begin
from app.http.body import Body, Line, OneOf, PublicId, Whole
from app.http.deps import TheHouse, Transaction
from app.http.problems import Problem
from app.tower import wish_store
from app.tower.ask import ask_for
from app.tower.claims import Claim, claims_of
from app.tower.plug import LONGEST_SECONDS, Plug, pull
from app.tower.stage import Call, State, Step, Wish
from orders_core.errors import NotFound
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(prefix="/v1/test", tags=["test"])

Tester = Annotated[Caller, scope("test:stage")]
WishRef = Annotated[UUID, PublicId("wsh"), Path()]
MOST_CALLS = 200
NO_CONTENT = 204


class StageBody(Body):
    """A step to be played, with facts for whoever plays it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "buy", "facts": {}}]})

    step: Annotated[Step, OneOf(Step)]
    facts: dict[str, Any] = Field(default_factory=dict)


class CallBody(Body):
    """One request that was made of the public API, and what came back, in a line."""

    method: Annotated[str, Line(10)]
    path: Annotated[str, Line(500)]
    status: Annotated[int, Whole(0, 599)]
    took_ms: float = Field(ge=0)
    said: Any = ""

    def call(self) -> Call:
        """Return it as the stage keeps it."""
        return Call(
            method=self.method,
            path=self.path,
            status=self.status,
            took_ms=self.took_ms,
            said=self.said,
        )


class PlayedBody(Body):
    """How far a player has come, with everything it did so far."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "state": "done",
                    "calls": [
                        {
                            "method": "POST",
                            "path": "/v1/orders",
                            "status": 201,
                            "took_ms": 14.2,
                            "said": "order 100217",
                        }
                    ],
                    "result": {"number": 100217},
                }
            ]
        }
    )

    state: Annotated[State, OneOf(State)]
    calls: Annotated[list[CallBody], Field(max_length=MOST_CALLS)] = Field(default_factory=list)
    result: dict[str, Any] = Field(default_factory=dict)


class PlugBody(Body):
    """How long to leave it unplugged, in machine seconds."""

    seconds: Annotated[int, Whole(1, LONGEST_SECONDS)]


@router.post("/stage", status_code=201)
def ask(body: StageBody, tx: Transaction, _: Tester) -> Any:
    """Ask for a step of the tour; the demo's own player takes it within a second."""
    return wish_body(tx, _found(tx, ask_for(tx, body.step, body.facts)))


@router.get("/stage/next", responses={204: {"description": "nothing is asked for"}})
def take(house: TheHouse, _: Tester) -> Any:
    """Take the oldest step that nobody plays yet; 204 if there is none."""
    with begin(house.engine) as tx:
        wish_store.give_up_on_silent(tx)
        wish = wish_store.claim_next(tx)
    if wish is None:
        return Response(status_code=NO_CONTENT)
    return {"id": show("wsh", wish.id), "step": wish.step, "facts": wish.facts}


@router.post("/stage/{wish_id}")
def tell(body: PlayedBody, wish_id: WishRef, tx: Transaction, _: Tester) -> Any:
    """Tell how far a step has come; once it is done or failed, that stands."""
    wish = _found(tx, wish_id)
    calls = [one.call() for one in body.calls]
    if not wish_store.hear(tx, wish.id, body.state, calls=calls, result=body.result):
        raise Problem(status=409, code="wish_settled", detail="this step is over already")
    return wish_body(tx, _found(tx, wish_id))


@router.get("/stage/{wish_id}")
def look(wish_id: WishRef, tx: Transaction, _: Tester) -> Any:
    """Show a step: how far it has come, and what of its claims the database bears out."""
    return wish_body(tx, _found(tx, wish_id))


@router.post("/plugs/{name}")
def unplug(
    body: PlugBody, name: Annotated[Plug, OneOf(Plug), Path()], house: TheHouse, _: Tester
) -> Any:
    """End one process of the demo; its supervisor starts it again after the seconds named."""
    pull(house.settings.home, name, seconds=body.seconds)
    return {"unplugged": name, "seconds": body.seconds}


def wish_body(tx: Tx, wish: Wish) -> dict[str, Any]:
    """Show a wish as the API does."""
    return {
        "id": show("wsh", wish.id),
        "step": wish.step,
        "state": wish.state,
        "facts": wish.facts,
        "calls": [vars(call) for call in wish.calls],
        "result": wish.result,
        "asked_at": wish.asked_at.isoformat(),
        "settled_at": wish.settled_at.isoformat() if wish.settled_at else None,
        "claims": [_claim_body(claim) for claim in claims_of(tx, wish)],
    }


def _claim_body(claim: Claim) -> dict[str, Any]:
    return {"claim": claim.code, "holds": claim.holds, "facts": claim.facts}


def _found(tx: Tx, wish_id: UUID) -> Wish:
    wish = wish_store.find(tx, wish_id)
    if wish is None:
        raise NotFound("step", show("wsh", wish_id))
    return wish
