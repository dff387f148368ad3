"""What is said of an order's money: payment, balance, refunds. Pure."""

from collections.abc import Iterator

from app.desk.said import Said, Speaker, Story, state
from orders_core.orders.order import Order, OrderStatus, Refund


def paid(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say whether and when the payment arrived."""
    order = story.order
    is_unpaid = order.paid_at is None and (
        order.status is OrderStatus.PLACED
        or (order.status is OrderStatus.CANCELLED and order.payment_reference is None)
    )
    if is_unpaid:
        yield speaker.say("not_paid", "order.paid_at", None, number=order.number)
    elif order.paid_at is None:
        status = order.status.value
        yield speaker.say("was_paid_undated", "order.status", status, number=order.number)
    else:
        at = order.paid_at
        yield speaker.say("was_paid", "order.paid_at", at, number=order.number, at=at)
    if order.status is OrderStatus.CANCELLED:
        yield state(story, speaker)


def pay(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say whether the order is paid, and until when it can be."""
    yield from paid(story, speaker)
    if story.order.status is OrderStatus.PLACED:
        yield from _until(story.order, speaker)


def balance(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say what is left to pay of a pre-order, and when; nothing of an order without a deposit."""
    order = story.order
    if order.deposit_minor is None:
        return
    if order.status is OrderStatus.CANCELLED:
        yield state(story, speaker)
    elif order.status is not OrderStatus.PLACED:
        status = order.status.value
        yield speaker.say("balance_done", "order.status", status, number=order.number)
    elif not order.paid_minor:
        amount = speaker.money(order.deposit_minor, order.currency)
        due = order.deposit_minor
        yield speaker.say(
            "deposit_due", "order.deposit_minor", due, number=order.number, amount=amount
        )
        yield from _until(order, speaker)
    else:
        yield from _open_balance(order, speaker)


def _open_balance(order: Order, speaker: Speaker) -> Iterator[Said]:
    had, left = order.paid_minor, max(0, order.total_minor - order.paid_minor)
    yield speaker.say(
        "deposit_paid", "order.paid_minor", had, amount=speaker.money(had, order.currency)
    )
    amount, opens = speaker.money(left, order.currency), order.balance_from
    if opens and speaker.now < opens:
        yield speaker.say("balance_from", "order.balance_from", opens, amount=amount, at=opens)
        return
    yield speaker.say("balance_open", "order.balance_minor", left, amount=amount)
    yield from _until(order, speaker)


def _until(order: Order, speaker: Speaker) -> Iterator[Said]:
    by = order.pay_until
    if by is None or order.mirrored:
        return
    key = "pay_until" if speaker.now < by else "pay_over"
    yield speaker.say(key, "order.pay_until", by, by=by)


def refund(story: Story, speaker: Speaker) -> Iterator[Said]:
    """Say of each refund on the books how much went back and when; nothing where there is none."""
    for one in story.refunds:
        yield from _refund(one, speaker)


def _refund(one: Refund, speaker: Speaker) -> Iterator[Said]:
    amount = speaker.money(one.amount_minor, one.currency)
    if one.made_at is None:
        at = one.asked_at
        yield speaker.say("refund_asked", "refund.asked_at", at, amount=amount, at=at)
        return
    at = one.made_at
    yield speaker.say("refund_made", "refund.made_at", at, amount=amount, at=at)
    if one.reference:
        reference = one.reference
        yield speaker.say("refund_reference", "refund.reference", reference, reference=reference)
