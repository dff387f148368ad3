"""Renders a page: its language, its words, its looks. Pages work without scripts."""

from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.house import House
from app.http import nav
from app.http.deps import house_of
from app.settings import Settings
from app.words import show
from app.words.say import LOCALES, best_locale, knows, say
from orders_core import ids

ROOT = Path(__file__).parents[2] / "templates"
STATIC = Path(__file__).parent / "static"
LOCALE_COOKIE, THEME_COOKIE = "ob_lang", "ob_theme"
THEMES = ("system", "light", "dark")
YEAR_SECONDS = 365 * 86400


def settings_of(request: Request) -> Settings:
    """Return the settings the app was fitted with."""
    return cast(Settings, request.app.state.settings)


def locale_of(request: Request) -> str:
    """Choose the page's language: `?lang`, the cookie, the browser's wish, then the shop's own."""
    if chosen := chosen_locale(request):
        return chosen
    default = settings_of(request).shop_locale
    return best_locale(request.headers.get("accept-language", ""), default=default)


def chosen_locale(request: Request) -> str | None:
    """Return the language a visitor chose on a page, now or before; None if they never did."""
    for wish in (request.query_params.get("lang"), request.cookies.get(LOCALE_COOKIE)):
        if wish in LOCALES:
            return str(wish)
    return None


def theme_of(request: Request) -> str:
    """Return the look a visitor chose, now or before; `system` leaves it to their machine."""
    wishes = (request.query_params.get("theme"), request.cookies.get(THEME_COOKIE))
    return next((wish for wish in wishes if wish in THEMES), "system")


def render(request: Request, page: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Return the page `templates/pages/<page>` in the visitor's language.

    `locale` among the facts overrides the visitor's choice, as a person's own page does when its
    visitor chose none.
    """
    house = house_of(request)
    locale = facts.pop("locale", None) or locale_of(request)
    context = {**_common(request, house, locale), **facts}
    html = environment().get_template(f"pages/{page}").render(context)
    response = HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})
    for name, known, cookie in (("lang", LOCALES, LOCALE_COOKIE), ("theme", THEMES, THEME_COOKIE)):
        wish = request.query_params.get(name)
        if wish in known:
            response.set_cookie(cookie, str(wish), max_age=YEAR_SECONDS, samesite="lax")
    return response


def _common(request: Request, house: House, locale: str) -> dict[str, Any]:
    settings = house.settings
    zone = settings.shop_zone
    caller = getattr(request.state, "caller", None)
    now = house.clock.now()
    return {
        "locale": locale,
        "html_lang": {"zh": "zh-CN"}.get(locale, "en"),
        "say": partial(say, locale),
        "when": partial(_timed, show.when, locale, zone),
        "moment": partial(_timed, show.moment, locale, zone),
        "day": partial(_timed, show.day, locale, zone),
        "ago_of": partial(_seen, locale, now),
        "zone_name": partial(show.zone, locale),
        "shop_zone": zone,
        "money": partial(show.money, locale),
        "number": partial(show.number, locale),
        "span": partial(show.span, locale),
        "knows": knows,
        "carrier_name": partial(show.carrier, locale),
        "masked": show.masked,
        "shop": settings.shop_name_zh if locale == "zh" else settings.shop_name_en,
        "mode": settings.mode,
        "path": request.url.path,
        "here": here(request),
        "here_with": partial(here, request),
        "theme": theme_of(request),
        "nav": nav.entries(caller.scopes if caller else (), path=request.url.path),
        "csrf": getattr(request.state, "csrf", ""),
        "caller": caller,
        "now": now,
    }


def _timed(
    write: Any, locale: str, zone: str, at: datetime | str, in_zone: str | None = None
) -> str:
    return str(write(locale, _known(at), zone=in_zone or zone))


def _seen(locale: str, now: datetime, at: datetime | str, by: datetime | None = None) -> str:
    return show.ago(locale, _known(at), now=by or now)


def _known(at: datetime | str) -> datetime:
    return datetime.fromisoformat(at) if isinstance(at, str) else at


def here(request: Request, **changed: str) -> str:
    """Return the address of this view, some of its parameters changed; "" takes one away.

    The look and the language are a visitor's own, so a link that is passed on carries neither. A
    page that answered a form is found at the page the form stood on.
    """
    path, query = request.url.path, request.query_params.multi_items()
    if request.method not in {"GET", "HEAD"}:
        came = urlsplit(request.headers.get("referer", ""))
        is_ours = came.netloc == request.url.netloc and came.path.startswith("/")
        path, query = (came.path if is_ours else path), []
    kept = [(name, value) for name, value in query if name not in {"lang", "theme", *changed}]
    asked = urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
    return f"{path}?{asked}" if asked else path


def in_zone(at: datetime, zone: str) -> datetime:
    """Return a time as clocks of the zone show it."""
    return at.astimezone(ZoneInfo(zone))


@lru_cache
def environment() -> Environment:
    """Return the one Jinja environment of all pages: escaping on, unknown names refused."""
    made = Environment(
        loader=FileSystemLoader(ROOT),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["show_id"] = ids.show
    return made


@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """Return the address of a static file with the hash of its content, so it may be kept long."""
    digest = sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={digest}"
