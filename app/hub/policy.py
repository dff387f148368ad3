"""What the shop wishes, read once for each batch of decisions."""

from dataclasses import dataclass
from datetime import timedelta

from app.hub import switch
from app.hub.bell_table import read_bells
from app.hub.bounds import Bounds, Cap, Window
from app.hub.cap_table import read_caps
from app.hub.escalations import escalations
from app.hub.rhythms import rhythms
from app.hub.route_table import read_routes
from app.people.links import Links, links_of
from app.people.shop_wishes import shop_wishes
from app.settings import Settings
from orders_core.tx import Tx


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
    bounds = Bounds(
        quiet=Window(settings.quiet_from, settings.quiet_until),
        is_quiet_locked=settings.quiet_locked,
        spread=_spread(settings),
        cap=Cap(settings.marketing_cap),
        bells=read_bells(tx),
        caps=read_caps(tx),
        is_marketing_stopped=switch.is_stopped(tx),
        preferences=shop_wishes(tx),
        rhythms=rhythms(tx),
        escalations=escalations(tx),
        routes=read_routes(tx),
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
