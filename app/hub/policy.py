"""What the shop wishes, read once for each batch of decisions."""

from dataclasses import dataclass
from datetime import timedelta

from app.hub import (
    bell_table,
    cap_table,
    escalations,
    rhythms,
    route_table,
    switch,
    tired_table,
)
from app.hub.bell_table import read_bells
from app.hub.bounds import Bounds, Cap, Window
from app.hub.cap_table import read_caps
from app.hub.escalations import read_escalations
from app.hub.rhythms import read_rhythms
from app.hub.route_table import read_routes
from app.hub.tired_table import read_tired
from app.people import shop_wishes
from app.people.links import Links, links_of
from app.people.shop_wishes import read_wishes
from app.rules.rule import rulings
from app.settings import Settings
from orders_core.tx import Tx

#: The tables that decisions obey.
TABLES = (
    *(
        room.TABLE
        for room in (
            bell_table,
            cap_table,
            escalations,
            rhythms,
            route_table,
            shop_wishes,
            tired_table,
        )
    ),
    route_table.COSTS,
)


@dataclass(frozen=True)
class Voice:
    """How the shop signs: its name in each language, and the links it makes."""

    name_zh: str
    name_en: str
    links: Links
    shows_goods: bool = False  #: on locked screens, by push and SMS

    def name(self, locale: str) -> str:
        """Return the shop's name in a language."""
        return self.name_zh if locale == "zh" else self.name_en


@dataclass(frozen=True)
class Policy:
    """The bounds of every decision, and the voice of every message."""

    bounds: Bounds
    voice: Voice


def read_policy(tx: Tx, settings: Settings) -> Policy:
    """Return the shop's policy as it is set, and as the switch stands in this transaction."""
    said = rulings(tx, TABLES)
    bounds = Bounds(
        quiet=Window(settings.quiet_from, settings.quiet_until),
        is_quiet_locked=settings.quiet_locked,
        spread=_spread(settings),
        cap=Cap(settings.marketing_cap),
        is_marketing_stopped=switch.is_stopped(tx),
        bells=read_bells(said[bell_table.TABLE]),
        caps=read_caps(said[cap_table.TABLE]),
        preferences=read_wishes(said[shop_wishes.TABLE]),
        rhythms=read_rhythms(said[rhythms.TABLE]),
        escalations=read_escalations(said[escalations.TABLE]),
        routes=read_routes(said[route_table.TABLE], said[route_table.COSTS]),
        tired=read_tired(said[tired_table.TABLE]),
    )
    voice = Voice(
        settings.shop_name_zh,
        settings.shop_name_en,
        links_of(settings),
        shows_goods=settings.lock_screen_goods,
    )
    return Policy(bounds, voice)


def _spread(settings: Settings) -> timedelta:
    """Return how long after the night bells are spread; the demo's morning is one moment."""
    return timedelta(minutes=0 if settings.mode == "demo" else settings.quiet_spread_minutes)
