"""Renders a page: its language, its words, its looks. Pages work without scripts."""

from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.house import House
from app.http.deps import house_of
from app.settings import Settings
from app.words import show
from app.words.say import LOCALES, best_locale, knows, say
from orders_core import ids

ROOT = Path(__file__).parents[2] / "templates"
STATIC = Path(__file__).parent / "static"
LOCALE_COOKIE = "ob_lang"
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
    wish = request.query_params.get("lang")
    if wish in LOCALES:
        response.set_cookie(LOCALE_COOKIE, str(wish), max_age=YEAR_SECONDS, samesite="lax")
    return response


def _common(request: Request, house: House, locale: str) -> dict[str, Any]:
    settings = house.settings
    zone = settings.shop_zone
    return {
        "locale": locale,
        "html_lang": {"zh": "zh-CN"}.get(locale, "en"),
        "say": partial(say, locale),
        "when": partial(_timed, show.when, locale, zone),
        "moment": partial(_timed, show.moment, locale, zone),
        "day": partial(_timed, show.day, locale, zone),
        "money": partial(show.money, locale),
        "number": partial(show.number, locale),
        "span": partial(show.span, locale),
        "knows": knows,
        "masked": show.masked,
        "shop": settings.shop_name_zh if locale == "zh" else settings.shop_name_en,
        "mode": settings.mode,
        "path": request.url.path,
        "other_language": _other_language(request, locale),
        "csrf": getattr(request.state, "csrf", ""),
        "caller": getattr(request.state, "caller", None),
        "now": house.clock.now(),
    }


def _timed(
    write: Any, locale: str, zone: str, at: datetime | str, in_zone: str | None = None
) -> str:
    known = datetime.fromisoformat(at) if isinstance(at, str) else at
    return str(write(locale, known, zone=in_zone or zone))


def _other_language(request: Request, locale: str) -> str:
    other = "en" if locale == "zh" else "zh"
    return str(request.url.include_query_params(lang=other).replace(scheme="", netloc=""))


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
