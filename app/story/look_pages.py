"""An order as one visitor may see it, and the page that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.http.deps import house_of, secret_of
from app.http.pages import chosen_locale, locale_of, render, settings_of
from app.people.links import OPENED, OPENED_ON, Grant, Links, Purpose, links_of
from app.rules import rule
from app.story.acts import PAGES, Action, Allowed, Offer
from app.story.facts import Facts
from app.story.more import more_for
from app.story.offers import TABLE, offers
from app.story.proof import Result, Tried
from app.story.read import facts_of
from app.story.seal import COOKIE, is_sealed
from app.story.story import Story
from app.story.tell import tell
from app.words.say import knows
from orders_core.tx import Tx

PRIVATE = {
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "no-store",
}
STATUS = {Result.WRONG: 422, Result.LOCKED: 429, Result.TOO_SOON: 429, Result.UNREACHABLE: 422}


class Fact(Protocol):
    """One sentence of an answer, and the fact it rests on."""

    @property
    def sentence(self) -> str:
        """Return the sentence."""

    @property
    def fact(self) -> str:
        """Return the fact's name."""


class Answered(Protocol):
    """What the desk answers."""

    @property
    def text(self) -> str:
        """Return the whole answer."""

    @property
    def opens(self) -> str | None:
        """Return the name of the page that does what it offers."""

    @property
    def every_opens(self) -> Sequence[str]:
        """Return the names of all such pages."""

    @property
    def asks(self) -> Sequence[str]:
        """Return the wishes it answers, where they are several."""

    @property
    def said(self) -> Sequence[Fact]:
        """Return its sentences."""


class Numbered(Protocol):
    """A case, as far as a shopper hears of it."""

    @property
    def number(self) -> int:
        """Return the number to quote."""


@dataclass(frozen=True)
class Talk:
    """What was asked or done on the page, and what came of it; `then` is where one was going."""

    asked: str | None = None
    answered: Answered | None = None
    case: Numbered | None = None
    done: str = ""
    then: str = ""


@dataclass(frozen=True)
class View:
    """An order as one visitor may see it."""

    grant: Grant
    facts: Facts  # all of them: what is hidden is left out of the story alone
    story: Story
    locale: str
    is_proven: bool
    offers: Mapping[Action, Offer] = field(default_factory=dict)  #: none on a page passed on
    more_among: tuple[str, ...] = ()  #: the bells that may ring more for this order

    @property
    def is_shared(self) -> bool:
        """Whether it is shown to look at only."""
        return self.grant.purpose is Purpose.SHARED_ORDER


def view_of(request: Request, tx: Tx, grant: Grant, *, now: datetime) -> View:
    """Return the order that a link opens, with what its visitor may not see left out.

    Raises:
        NotFound: If there is no such order.
    """
    house = house_of(request)
    facts = facts_of(tx, grant.order_id)
    is_shared = grant.purpose is Purpose.SHARED_ORDER
    word = request.cookies.get(COOKIE, "")
    is_proven = not is_shared and is_sealed(word, grant.order_id, secret=secret_of(house))
    locale = locale_of(request) if is_shared else chosen_locale(request) or facts.person.locale
    story = tell(
        _seen(facts, is_shared=is_shared, is_proven=is_proven),
        now=now,
        locale=locale,
        zone=facts.person.zone,
    )
    may = {} if is_shared else _may(tx, facts, now=now, can_prove=story.who.can_prove)
    rings = not is_shared and story.can_ring and not story.is_muted and not story.more_on
    more = more_for(tx, facts.person) if rings else ()
    return View(grant, facts, story, locale, is_proven, may, more)


def _seen(facts: Facts, *, is_shared: bool, is_proven: bool) -> Facts:
    """Return what this visitor may see of an order."""
    if is_shared:
        return facts.for_receiver() if facts.gift else facts.for_strangers()
    return facts if is_proven else facts.until_proven()


def _may(tx: Tx, facts: Facts, *, now: datetime, can_prove: bool) -> Mapping[Action, Offer]:
    """Return what may be done here; who can prove nothing has a person do it."""
    may = offers(rule.live(tx, TABLE, now=now).judge, facts, now=now)
    if can_prove:
        return may
    return {
        action: Offer(action, Allowed.ASK, "unproven") if one.allowed is Allowed.YES else one
        for action, one in may.items()
    }


def page_of(
    request: Request,
    view: View,
    *,
    page: str = "story/page.html",
    talk: Talk | None = None,
    tried: Tried | None = None,
) -> HTMLResponse:
    """Return the page, or the parts of it that `page` names, with what was said or tried on it."""
    path = f"/o/{request.path_params['token']}"
    talk = talk or Talk()
    response = render(
        request,
        page,
        status=STATUS.get(tried.result, 200) if tried else 200,
        locale=view.locale,
        story=view.story,
        masked=not view.is_proven,
        for_agent=False,
        is_shared=view.is_shared,
        opened=request.query_params.get(OPENED),
        opened_on=request.query_params.get(OPENED_ON, ""),
        own=None if view.is_shared else _own_links(links_of(settings_of(request)), view),
        path=path,
        here=path,
        here_with=lambda **wish: f"{path}?{urlencode(wish)}",
        has_days=any(parcel.day for parcel in view.story.parcels),
        talk=talk,
        tried=tried,
        then=talk.then if talk.then in PAGES.values() else "",
        offers=view.offers.values(),
        more_among=view.more_among,
        pages=PAGES,
        done=talk.done if knows(f"service.done.{talk.done}") else "",
    )
    response.headers.update(PRIVATE)
    if tried and tried.wait_seconds:
        response.headers["retry-after"] = str(tried.wait_seconds)
    return response


def _own_links(links: Links, view: View) -> dict[str, str]:
    """Return where its owner may go on to; the page that is passed on leads nowhere."""
    person_id = view.facts.order.person_id
    return {
        "inbox": links.inbox(person_id),
        "preferences": links.preferences(person_id),
        "shared": links.shared_order(view.facts.order.id),
    }
