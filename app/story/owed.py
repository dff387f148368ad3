"""What is still owed of an order, money or goods, as parts of a sentence. Pure."""

from collections.abc import Iterator
from datetime import datetime

from app.story.clause import Amount, At, By, Clause, Day, Tone
from app.story.facts import Facts
from app.story.money import back, balance_minor
from orders_core.orders.order import Cause
from orders_core.shortage.short import State


def unpaid(facts: Facts, now: datetime) -> tuple[Clause, ...]:
    """Say what is to be paid, and by when."""
    order = facts.order
    if order.paid_minor:
        return tuple(_balance(facts, now))
    first = Clause("truth.placed")
    if order.deposit_minor:
        deposit = Amount(order.deposit_minor, order.currency)
        first = Clause("truth.placed_deposit", {"amount": deposit})
    return (first, *pay_by(facts, now))


def pay_by(facts: Facts, now: datetime) -> Iterator[Clause]:
    """Say until when it can be paid, if that has an end."""
    by = facts.pay_by
    if by is None:
        return
    yield (
        Clause("truth.pay_by", {"by": By(by)})
        if now < by
        else Clause("truth.pay_over", {"at": At(by)})
    )


def _balance(facts: Facts, now: datetime) -> Iterator[Clause]:
    order = facts.order
    yield Clause("truth.deposit_paid", {"amount": Amount(order.paid_minor, order.currency)})
    balance = Amount(balance_minor(facts), order.currency)
    opens = order.balance_from
    if opens and now < opens:
        yield Clause("truth.balance_from", {"amount": balance, "by": By(opens)})
        return
    yield Clause("truth.balance", {"amount": balance})
    yield from pay_by(facts, now)


def short(facts: Facts) -> tuple[tuple[Clause, ...], Tone | None]:
    """Say which units are not there, and whether the shopper has chosen what becomes of them."""
    still_open = sum(one.units for one in facts.shorts if one.state is State.OPEN)
    if still_open:
        return (Clause("truth.short", {"n": still_open}),), Tone.BAD
    waiting = [one for one in facts.shorts if one.state is State.WAITING and one.wait_until]
    if waiting:
        until = min(one.wait_until for one in waiting if one.wait_until)
        n = sum(one.units for one in waiting)
        return (Clause("truth.short_waiting", {"n": n, "day": Day(until)}),), Tone.WAIT
    if facts.order.short_units:
        return (Clause("truth.short", {"n": facts.order.short_units}),), Tone.BAD
    return (), None


def money_back(facts: Facts, *, is_over: bool) -> Iterator[Clause]:
    """Say what is to go back; of an order that is over also what went."""
    sums, currency = back(facts), facts.order.currency
    if sums.due_minor:
        yield Clause("truth.to_refund", {"amount": Amount(sums.due_minor, currency)})
    if is_over and sums.made_minor:
        made = [one.made_at for one in facts.refunds if one.made_at]
        amount = Amount(sums.made_minor, currency)
        yield Clause("truth.refunded", {"amount": amount, "at": At(max(made))})


def paid_too_late(facts: Facts) -> bool:
    """Say whether a payment came when the order had ended."""
    return any(one.cause is Cause.PAID_LATE for one in facts.refunds)
