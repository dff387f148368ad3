"""Is it up, is it ready, and its figures: for load balancers and Prometheus."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from app.access.guard import open_to_all
from app.db.migrate import check
from app.errors import AppError, SchemaMismatch
from app.house import House
from app.http.database import ERRORS
from app.http.deps import Now, TheHouse, Transaction
from app.ops.figures import Figures

DOWN: tuple[type[Exception], ...] = (AppError, *ERRORS)

router = APIRouter(include_in_schema=False)

Probe = Annotated[None, open_to_all("probes and scrapers hold no key; it tells no names")]


@router.get("/livez")
async def livez(_: Probe) -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request, house: TheHouse, _: Probe) -> JSONResponse:
    """Say whether requests can be served: the database is there and of the code's version.

    Valkey is told but does not count: without it everything still works, a little later.
    """
    checks = _checks(house)
    is_ready = all(passed for name, passed in checks.items() if name != "valkey")
    live = getattr(request.app.state, "live", None)
    checks["valkey"] = bool(live and live.is_connected)
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return JSONResponse(body, status_code=200 if is_ready else 503)


def _checks(house: House) -> dict[str, bool]:
    try:
        check(house.engine).demand_current()
    except SchemaMismatch:
        return {"database": True, "migrations": False}
    except DOWN:
        return {"database": False, "migrations": False}
    return {"database": True, "migrations": True}


@router.get("/metrics")
def metrics(tx: Transaction, now: Now, _: Probe) -> Response:
    """Return this process's counters and the house's figures in Prometheus' words."""
    house: Any = CollectorRegistry()
    house.register(Figures(tx, now))
    body = generate_latest(REGISTRY) + generate_latest(house)
    return Response(body, media_type=CONTENT_TYPE_LATEST)
