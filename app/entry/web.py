"""The web process: every room's router behind one edge."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI

from app.access import pages as access_pages
from app.campaigns import api as campaigns
from app.campaigns import pages as campaign_pages
from app.db.heartbeat import Heart
from app.db.transaction import begin
from app.desk import api as desk
from app.desk import cases_api as cases
from app.desk import pages as desk_pages
from app.desk import replies_api as replies
from app.entry import clock_api
from app.entry.standing import open_house
from app.errors import EngineUnreachable
from app.forecast import api as forecast
from app.forecast import pages as forecast_pages
from app.forecast import roster_api, roster_pages
from app.forecast import what_if_api as forecast_what_if
from app.forecast import what_if_pages as forecast_what_if_pages
from app.forecast import why_api as forecast_why
from app.house import House
from app.http.edge import fit
from app.http.witness import Witness
from app.hub import api as hub
from app.hub import pages as hub_pages
from app.hub import what_if_api, what_if_pages
from app.inbox import announcement_api as announcements
from app.inbox import announcement_pages, embed_pages
from app.inbox import api as inbox
from app.inbox import embed_api as embed
from app.inbox import pages as inbox_pages
from app.inbox import try_pages as embed_try_pages
from app.inbox.live import Live
from app.intake import api as intake
from app.intake.carriers import api as carriers
from app.intake.carriers import parcels_api as parcels
from app.intake.carriers import push_api as carrier_pushes
from app.messages import api as messages
from app.ops import api as ops
from app.ops import (
    flow_pages,
    person_api,
    person_pages,
    promotion_pages,
    requests_pages,
    stock_pages,
    try_pages,
    why_api,
    worth_pages,
)
from app.ops import pages as ops_pages
from app.ops.requests_log import RequestLog
from app.orders import (
    address_api,
    bookings_api,
    catalog_api,
    counting_api,
    moves_api,
    returns_api,
    short_api,
)
from app.orders import api as orders
from app.orders import picture_api as pictures
from app.orders import stock_api as stock
from app.orders.door import OrderDoor, hold_of
from app.people import api as people
from app.people import batch_api as people_batch
from app.people import choices_api as people_choices
from app.people import leave_pages
from app.people import pages as people_pages
from app.people.store import known_people
from app.rules import api as rules
from app.rules import pages as rules_pages
from app.rules.rule import seat_all
from app.story import pages as story_pages
from app.story import service_pages
from app.tower import api as tower
from app.tower import pages as tower_pages

THREADS = 10  # endpoints at once, each with one connection
POOL = THREADS + 5  # the batcher's, the clock's, the heart's, the log's, a demo's jump of the clock
# The flusher's thread needs the interpreter for microseconds between its waits for PostgreSQL; at
# the usual 5 ms it would stand in line behind the event loop a dozen times for each batch.
SWITCH_SECONDS = 0.0005

ROUTERS: Sequence[APIRouter] = (
    orders.router,
    moves_api.router,
    address_api.router,
    returns_api.router,
    short_api.router,
    bookings_api.router,
    counting_api.router,
    catalog_api.router,
    stock.router,
    pictures.router,
    carrier_pushes.router,
    carriers.router,
    parcels.router,
    intake.router,
    hub.router,
    what_if_api.router,
    messages.router,
    people.router,
    people_batch.router,
    people_choices.router,
    person_api.router,
    inbox.router,
    inbox.of_person,
    announcements.router,
    embed.router,
    embed.tokens,
    desk.router,
    cases.router,
    replies.router,
    forecast.router,
    forecast_what_if.router,
    roster_api.router,
    forecast_why.router,
    campaigns.router,
    rules.router,
    ops.router,
    why_api.router,
    requests_pages.api,
    try_pages.api,
    access_pages.router,
    forecast_what_if_pages.router,
    roster_pages.router,
    forecast_pages.router,  # before the desk's own: /desk/forecast is no case
    desk_pages.router,
    announcement_pages.router,  # before the campaigns': /campaigns/announcements is no campaign
    campaign_pages.router,
    rules_pages.router,
    promotion_pages.router,
    flow_pages.router,
    worth_pages.router,
    stock_pages.router,
    ops_pages.router,
    hub_pages.router,
    what_if_pages.router,
    inbox_pages.router,
    embed_pages.router,
    people_pages.router,
    leave_pages.router,
    person_pages.router,
    service_pages.router,
    story_pages.router,
)
NOT_IN_PRODUCTION: Sequence[APIRouter] = (
    clock_api.router,
    tower.router,
    tower_pages.router,
    embed_try_pages.router,
)


def make_app(house: House | None = None) -> FastAPI:
    """Build the web app; its order door opens and closes with it."""
    house = house or open_house("web", pool_size=POOL)
    app = FastAPI(
        title="Orderbell",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        lifespan=_open_for_business,
    )
    app.state.house = house
    if house.settings.mode != "production":
        for router in NOT_IN_PRODUCTION:  # first: a demo's `/` is its tower
            app.include_router(router)
    for router in ROUTERS:
        app.include_router(router)
    fit(app, house.settings)
    app.state.requests = RequestLog(
        house.engine, house.clock, masks=house.settings.mode == "production"
    )
    app.add_middleware(Witness, keeper=app.state.requests)  # outside of all: it sees what they say
    return app


def _seat_tables(house: House) -> None:
    """Let the tables rule that the product brings, so that no order waits for the first question.

    A database that is away now is there later, and whoever asks first seats the table then.
    """
    with suppress(EngineUnreachable), begin(house.engine) as tx:
        seat_all(tx, now=house.clock.now())


@asynccontextmanager
async def _open_for_business(app: FastAPI) -> AsyncIterator[None]:
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.freeze()  # what was imported stays: to look through it all again would stop every request
    current_default_thread_limiter().total_tokens = THREADS
    house: House = app.state.house
    door = OrderDoor(
        house.engine,
        clock=house.clock,
        known_people=known_people,
        loop=asyncio.get_running_loop(),
        hold=hold_of(house.settings),
    )
    app.state.order_door = door
    await asyncio.to_thread(_seat_tables, house)
    with (
        Heart(house.engine, "web"),
        Live(house.settings.redis_url) as live,
        app.state.requests,
    ):
        app.state.live = live
        yield
        await asyncio.to_thread(door.close)
