"""What is said to a wish: whether its page still does it. Pure.

Nothing is said where a person has to be asked, so that an agent answers.
"""

from collections.abc import Iterator

from app.desk.said import Said, Speaker, Story, state
from app.story.acts import PAGES, Action, Allowed
from orders_core.orders.order import OrderStatus
from orders_core.returns.rma import State

#: Reasons of the table self_service for a return that can be had once the goods arrived.
NOT_YET = frozenset({"not_shipped", "not_arrived"})


def cancel(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say whether it is cancelled, and if not, whether its page still cancels it."""
    order = story.order
    if order.status is OrderStatus.CANCELLED:
        yield state(story, speaker)
        return
    allowed = _allowed(story, Action.CANCEL)
    if allowed is Allowed.ASK:
        return
    status = order.status.value
    yield speaker.say("not_cancelled", "order.status", status, number=order.number)
    yield state(story, speaker)
    yield _page(speaker, Action.CANCEL, allowed, "may_cancel", "no_cancel")


def address(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say whether the page still changes the address."""
    if story.order.status is OrderStatus.CANCELLED:
        yield state(story, speaker)
        return
    allowed = _allowed(story, Action.ADDRESS)
    if allowed is Allowed.ASK:
        return
    yield state(story, speaker)
    yield _page(speaker, Action.ADDRESS, allowed, "may_address", "no_address")


def send_back(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say whether a return can be started on the page, or only once the goods have arrived."""
    if story.order.status is OrderStatus.CANCELLED:
        yield state(story, speaker)
        return
    offer = story.offers.get(Action.RETURN)
    reason = offer.reason if offer else "not_shipped"
    if offer and offer.allowed is Allowed.YES:
        yield _page(speaker, Action.RETURN, Allowed.YES, "may_return", "return_later")
    elif reason in NOT_YET and story.order.status is not OrderStatus.DELIVERED:
        yield state(story, speaker)
        yield speaker.say("return_later", "page.return", reason)


def invoice(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say that an invoice was asked for, or that the page takes the wish."""
    if story.order.invoice is not None:
        yield speaker.say("invoice_asked", "order.invoice", "asked")
    elif _allowed(story, Action.INVOICE) is Allowed.YES:
        yield _page(speaker, Action.INVOICE, Allowed.YES, "may_invoice", "may_invoice")


def sent_back(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say of each return on the books how far it is; nothing where there is none."""
    for one in story.returns:
        at = {
            State.REQUESTED: one.requested_at,
            State.APPROVED: one.decided_at,
            State.REJECTED: one.decided_at,
            State.RECEIVED: one.received_at,
            State.CLOSED: one.closed_at,
        }[one.state]
        if at is not None:
            yield speaker.say(f"return_{one.state}", f"return.{one.state}", at, at=at)


def _allowed(story: Story, action: Action) -> Allowed:
    offer = story.offers.get(action)
    return offer.allowed if offer else Allowed.ASK


def _page(speaker: Speaker, action: Action, allowed: Allowed, may: str, may_not: str) -> Said:
    is_open = allowed is Allowed.YES
    page = PAGES[action]
    said = speaker.say(may if is_open else may_not, f"page.{page}", allowed.value)
    return said.opening(page) if is_open else said
