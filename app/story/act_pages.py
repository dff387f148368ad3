"""The way into every act on the page of an order: who may, whether, and on what they saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.http.deps import Now, Transaction
from app.http.pages import render
from app.people.links import Grant
from app.story.acts import PAGES, Action, Allowed
from app.story.look_pages import PRIVATE, View, view_of
from app.story.offers import ask
from app.story.own_pages import Owner
from app.words.say import knows, say
from orders_core.events import Change, Event
from orders_core.ids import OrderId
from orders_core.orders import hold
from orders_core.outbox import reading
from orders_core.tx import Tx

BY = "shopper"  # who changes an order on its own page
STALE = 409
WRONG = 422

# What the act of each kind makes of an order: the same sent twice by one click is seen by it.
MAKES: Mapping[Action, frozenset[str]] = {
    Action.ADDRESS: frozenset({"order.address_changed"}),
    Action.STATION: frozenset({"order.address_changed"}),
    Action.INVOICE: frozenset({"order.invoice_asked"}),
    Action.CANCEL: frozenset({"order.cancelled", "order.edited", "order.refund_due"}),
}


@dataclass(frozen=True)
class Knock:
    """Somebody at the page of their order who wants to do something."""

    request: Request
    tx: Tx
    now: datetime
    grant: Grant

    @classmethod
    def made(cls, request: Request, tx: Transaction, now: Now, grant: Owner) -> Self:
        """Return who is at the door."""
        return cls(request, tx, now, grant)

    @property
    def order_id(self) -> OrderId:
        """The order that the link opens."""
        return self.grant.order_id

    @property
    def path(self) -> str:
        """The page of the order."""
        return f"/o/{self.request.path_params['token']}"

    def look(self) -> View:
        """Return the order as the visitor may see it."""
        return view_of(self.request, self.tx, self.grant, now=self.now)

    def change(self, why: str) -> Change:
        """Say that the shopper changes it, and why."""
        return Change(by=BY, why=why, at=self.now)

    def back(self, done: str = "") -> RedirectResponse:
        """Go back to the page of the order, which tells what was done."""
        return self.to(f"?done={done}#service" if done else "#service")

    def to(self, rest: str) -> RedirectResponse:
        """Go to a page behind the order's own."""
        return RedirectResponse(f"{self.path}{rest}", status_code=303, headers=PRIVATE)


Visitor = Annotated[Knock, Depends(Knock.made)]


def enter(at: Knock, action: Action) -> View | Response:
    """Let a visitor in to what they want to do, or send them where it is told why not."""
    view = at.look()
    offer = view.offers.get(action)
    if offer is None or offer.allowed is Allowed.NO:
        return at.back()
    if offer.allowed is Allowed.ASK:
        return at.to(f"/wish/{action}")
    return view if view.is_proven else shown(at, view, "story/first_prove.html", then=PAGES[action])


def begin(at: Knock, action: Action, version: int, *, moves_stock: bool = False) -> View | Response:
    """Let a visitor do what they saw the order fit for; the ruling is written down.

    A form that was sent twice is answered as if it had been sent once. Locks: the levels where
    stock moves, the order.
    """
    hold.one(at.tx, at.order_id, needs_levels=lambda _: moves_stock)
    news = [one for one in reading.history_of(at.tx, at.order_id) if one.version > version]
    if _is_own(news, action):
        return at.back(str(action))
    view = enter(at, action)
    if isinstance(view, Response):
        return view
    if news:
        return stale(at, view, action, news)
    return permitted(at, view, action)


def permitted(at: Knock, view: View, action: Action) -> View | Response:
    """Ask the table once more, for good, and let the visitor on where it says yes."""
    offer = ask(at.tx, view.facts, action, now=at.now)
    return view if offer.allowed is Allowed.YES else at.back()


def stale(at: Knock, view: View, action: Action, news: Sequence[Event]) -> HTMLResponse:
    """Say what changed since the form was opened, and offer it anew."""
    keys = [f"service.changed.{one.type.removeprefix('order.')}" for one in news]
    known = [key if knows(key) else "service.changed.other" for key in keys]
    changed = [say(view.locale, key) for key in dict.fromkeys(known)]
    return shown(at, view, "story/stale.html", status=STALE, again=PAGES[action], changed=changed)


def shown(at: Knock, view: View, page: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Return a page about an act."""
    address = at.request.url.path
    response = render(
        at.request,
        page,
        status=status,
        **{
            "locale": view.locale,
            "view": view,
            "story": view.story,
            "path": at.path,
            "here": address,
            "here_with": lambda **wish: f"{address}?{urlencode(wish)}",
            "version": view.facts.order.version,
            "then": "",
            "tried": None,
            "fault": None,
            **facts,
        },
    )
    response.headers.update(PRIVATE)
    return response


def _is_own(news: Sequence[Event], action: Action) -> bool:
    """Say whether all that changed since is what this very act makes, by the shopper's hand."""
    makes = MAKES.get(action, frozenset())
    return bool(news) and all(one.by == BY and one.type in makes for one in news)
