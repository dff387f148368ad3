"""A person on their own page: take everything away, or be erased."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.http.deps import secret_of
from app.http.pages import chosen_locale, render
from app.hub.policy import read_policy
from app.ops.address import ask, confirm
from app.ops.erase import erase
from app.ops.export import export
from app.people.choices import ChannelName
from app.people.links import links_of
from app.people.pages import Own
from app.people.person import PersonError, check_email, check_phone
from app.people.saying import Door, by_person
from app.people.store import find

router = APIRouter(include_in_schema=False)

CHECKS: Mapping[str, Callable[[str, str], str]] = {
    ChannelName.EMAIL: lambda address, _: check_email(address.strip()),
    ChannelName.SMS: lambda number, region: check_phone(number, region=region),
}
Reached = Literal["email", "sms"]
PRIVATE = {
    "cache-control": "no-store",
    "content-disposition": 'attachment; filename="orderbell-person.json"',
}


@router.get("/p/{token}/export")
def take_away(mine: Own) -> Response:
    """Hand over everything held of the person, as one file."""
    links = links_of(mine.house.settings)
    held = export(mine.tx, mine.owner, links=links, now=mine.now)
    text = orjson.dumps(held, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    return Response(text, media_type="application/json", headers=PRIVATE)


@router.post("/p/{token}/address")
def ask_address(
    mine: Own, channel: Annotated[Reached, Form()], address: Annotated[str, Form(max_length=320)]
) -> RedirectResponse:
    """Send a code to the address the person would like to be reached at."""
    settings = mine.house.settings
    try:
        wanted = CHECKS[channel](address, settings.default_region)
    except PersonError:
        return mine.back("bad_address")
    policy, secret = read_policy(mine.tx, settings), secret_of(mine.house)
    to = (ChannelName(channel), wanted)
    return mine.back(ask(mine.tx, mine.owner, to, secret=secret, policy=policy, now=mine.now))


@router.post("/p/{token}/address/code")
def confirm_address(mine: Own, code: Annotated[str, Form(max_length=20)]) -> RedirectResponse:
    """Change the address if the code is the one sent there."""
    policy, secret = read_policy(mine.tx, mine.house.settings), secret_of(mine.house)
    with mine.changing():
        done = confirm(mine.tx, mine.owner, code, secret=secret, policy=policy, now=mine.now)
    return mine.back(done)


@router.post("/p/{token}/erase", response_model=None)
def forget(
    request: Request, mine: Own, sure: Annotated[str, Form()] = ""
) -> HTMLResponse | RedirectResponse:
    """Erase the person who asks for it, if they said that they are sure; the link opens no more."""
    if sure != "yes":
        return mine.back("unsure")
    locale = chosen_locale(request) or find(mine.tx, mine.owner).locale
    saying = by_person(Door.PAGE, mine.now)
    erase(mine.tx, mine.owner, saying=saying, secret=secret_of(mine.house))
    return render(request, "people/erased.html", locale=locale)
