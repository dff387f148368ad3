"""An app with every route of the product, over a database of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Engine

from app.desk.reader import Reader
from app.entry.web import NOT_IN_PRODUCTION, ROUTERS
from app.house import House
from app.http.edge import fit
from app.hub.by_hand import ByHand
from app.hub.heed import heeding
from app.inbox.live import Live
from app.settings import Settings, load
from app.wiring import inbox_hint
from orders_core.clock import Clock
from tests.shop import Shop


def settings_of(shop: Shop, **given: object) -> Settings:
    """Return the settings of a shop under test."""
    return load(
        **{
            "mode": "test",
            "database_url": shop.url,
            "redis_url": shop.valkey_url,
            "public_url": "http://testserver",
            **given,
        }
    )


def pages_app(engine: Engine, clock: Clock, settings: Settings) -> FastAPI:
    """Return the app over this database; no order door is open."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with Live(settings.redis_url) as live:
            app.state.live = live
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json", lifespan=lifespan)
    app.state.house = House(
        settings=settings,
        engine=engine,
        clock=clock,
        channels={},
        heed=heeding(settings),
        notices=ByHand(settings),
        hint=inbox_hint(settings),
        reads=Reader(settings.secret_key.get_secret_value().encode(), encoder=settings.encoder),
    )
    for router in (*NOT_IN_PRODUCTION, *ROUTERS):
        app.include_router(router)
    fit(app, settings)
    return app
