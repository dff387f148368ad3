"""The doors that carriers push their news through; what they sign opens them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool

from app.access.guard import open_to_all
from app.http.body import Line
from app.http.deps import house_of
from app.http.problems import Problem
from app.intake.carriers.contract import BadSignature
from app.intake.carriers.push import take
from app.intake.carriers.registry import CARRIERS

router = APIRouter(prefix="/v1/carriers", tags=["parcels"])

WHY = "the signature is the guard: a push that is not signed with the agreed secret is refused"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
DOCUMENTED = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": {"sign": {"type": "string"}, "param": {"type": "string"}},
                },
                "example": {
                    "sign": "C6F2B7E0E4A61E5D7A1B8F0C2D3E4F50",
                    "param": '{"status":"polling","lastResult":{"com":"shunfeng",'
                    '"nu":"SF1029384756","state":"5","data":[{"ftime":"2026-11-22 18:05:00",'
                    '"context":"快件派送中","areaName":"浙江,杭州市","status":"派件"}]}}',
                },
            },
            JSON: {
                "schema": {"type": "object"},
                "example": {
                    "object": "Event",
                    "description": "tracker.updated",
                    "result": {
                        "object": "Tracker",
                        "carrier": "DHLExpress",
                        "tracking_code": "JD014600003RS",
                        "status": "in_transit",
                        "tracking_details": [
                            {
                                "datetime": "2026-11-22T10:05:00Z",
                                "status": "in_transit",
                                "message": "Departed facility",
                                "tracking_location": {"city": "Leipzig", "country": "DE"},
                            }
                        ],
                    },
                },
            },
        },
    }
}


@router.post(
    "/{carrier}/push",
    dependencies=[open_to_all(WHY)],
    openapi_extra=DOCUMENTED,
)
async def pushed(request: Request, carrier: Annotated[str, Path(), Line(40)]) -> Any:
    """Take a carrier's push, in any order and any number of times; answer as the carrier expects.

    `kuaidi100` signs a form, `easypost` JSON; docs/parcels.md says how each is set up.
    """
    house = house_of(request)
    adapter, secret = CARRIERS.get(carrier), house.settings.carrier_secret(carrier)
    if adapter is None or secret is None:
        detail = "no such carrier, or no secret is set for it in ORDERBELL_CARRIER_SECRETS"
        raise Problem(status=404, code="not_found", detail=detail)
    try:
        push = adapter.read_push(dict(request.headers), await request.body(), secret)
    except BadSignature as refusal:
        raise Problem(status=401, code="bad_signature", detail=str(refusal)) from None
    now, by = house.clock.now(), f"carrier:{carrier}"
    await run_in_threadpool(lambda: take(house.engine, push, by=by, now=now))
    return adapter.answer().body
