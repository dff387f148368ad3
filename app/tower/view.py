"""Everything the tower's page shows, looked up in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.db import clock as clock_store
from app.http import chart
from app.ops.lanes_store import machine_now
from app.tower import jump_store, sight_store, wish_store
from app.tower.age import ages
from app.tower.claims import Claim, all_hold, claims_of
from app.tower.happened import chain, shown_step
from app.tower.seeding import Count
from app.tower.sight_store import Shopper
from app.tower.stage import STORY, Standing, Step, Wish, standing, story
from app.words.say import say
from orders_core.errors import BadId
from orders_core.ids import read
from orders_core.tx import Tx

# Whose phone it is before anybody bought, by the language of the page.
STORY_PEOPLE = {"zh": ("xm-xiaoyu", "xm-ada"), "en": ("xm-ada", "xm-xiaoyu")}
AGE_SECONDS, TICK_SECONDS = 60, 15
RECENT = timedelta(hours=6)  # of machine time: how far back the devices look
JUMP_SHOWN_SECONDS = 90.0
MOST_LEFT = 4


@dataclass(frozen=True, kw_only=True)
class Card:
    """One step of the strip: whether it may be played, how it went, and if its claims hold."""

    step: Step
    number: int
    standing: Standing
    wish: Wish | None
    claims: Sequence[Claim] = ()

    @property
    def holds(self) -> bool | None:
        """Whether every claim of the step holds; None while that is open."""
        return all_hold(self.claims) if self.claims else None


def see(
    tx: Tx, count: Count, *, now: datetime, locale: str, asked: Step | None = None
) -> dict[str, Any]:
    """Gather the strip, the chosen step, the devices, the clock and how the seeding goes."""
    wishes = wish_store.latest(tx)
    told = story(wish_store.latest_done(tx))
    whose = _whose(tx, told, locale)
    cards = _cards(tx, wishes, told, is_shut=whose is None)
    chosen = next(card for card in cards if card.step is shown_step(wishes, asked))
    return {
        "cards": cards,
        "chosen": chosen,
        "chain": chain(tx, chosen.wish) if chosen.wish else (),
        "is_busy": any(wish.is_open for wish in wishes),
        "whose": whose,
        **_devices(tx, whose),
        **clock(tx),
        "seeding": count.look(tx),
        "age": _age(tx, now, locale) if chosen.step is Step.PLUG else None,
    }


def clock(tx: Tx) -> dict[str, Any]:
    """Return the clock's rate and the jump that is under way or was just done."""
    timeline, machine = clock_store.read(tx)
    jump = jump_store.last(tx)
    is_shown = jump is not None and (jump.is_under_way or jump.since_seconds < JUMP_SHOWN_SECONDS)
    return {
        "rate": timeline.rate,
        "clock_at": timeline.at(machine),
        "jump": jump if is_shown else None,
    }


def whose_now(tx: Tx, locale: str) -> Shopper | None:
    """Return whose phone, mailbox and inbox the story is about now."""
    return _whose(tx, story(wish_store.latest_done(tx)), locale)


def _cards(
    tx: Tx, wishes: Sequence[Wish], told: Mapping[Step, Wish], *, is_shut: bool
) -> Sequence[Card]:
    is_busy = any(wish.is_open for wish in wishes)
    cards = []
    for number, step in enumerate(Step, start=1):
        wish = _present(step, wishes, told)
        cards.append(
            Card(
                step=step,
                number=number,
                standing=Standing.SHUT if is_shut else standing(step, told, is_busy=is_busy),
                wish=wish,
                claims=claims_of(tx, wish) if wish else (),
            )
        )
    return cards


def _present(step: Step, wishes: Sequence[Wish], told: Mapping[Step, Wish]) -> Wish | None:
    """Return the wish a step's card is about: its last one, if that belongs to this story."""
    last = next((wish for wish in wishes if wish.step is step), None)
    began = told[Step.BUY].asked_at if Step.BUY in told else None
    is_of_older_story = (
        last is not None and step in STORY and began is not None and last.asked_at < began
    )
    return None if is_of_older_story else last


def _whose(tx: Tx, told: Mapping[Step, Wish], locale: str) -> Shopper | None:
    """Return whose devices are drawn: who bought in ①, before that the story's own person."""
    bought = told.get(Step.BUY)
    return sight_store.shopper(tx, person_id=_person(bought), references=STORY_PEOPLE[locale])


def _person(wish: Wish | None) -> UUID | None:
    if wish is None:
        return None
    try:
        return read("per", str(wish.result.get("person")))
    except BadId:
        return None


def _devices(tx: Tx, whose: Shopper | None) -> dict[str, Any]:
    since = machine_now(tx) - RECENT
    to = whose.addresses if whose else ()
    found = {
        channel: sight_store.newest_left(tx, channel, to=to, since=since, at_most=MOST_LEFT)
        for channel in ("push", "sms", "email")
    }
    return {"pushes": found["push"], "texts": found["sms"], "mails": found["email"]}


def _age(tx: Tx, now: datetime, locale: str) -> Mapping[str, Any]:
    """Draw how old the oldest untold news was in each of the last 60 seconds."""
    seconds = AGE_SECONDS
    spans, until = sight_store.spans(tx, now=now, seconds=seconds)
    bulk = ages((s for s in spans if s.is_bulk), until=until, seconds=seconds)
    fast = ages((s for s in spans if not s.is_bulk), until=until, seconds=seconds)
    layers = [
        chart.Line(name=say(locale, "tower.age.bulk"), values=bulk, tone="calm"),
        chart.Line(name=say(locale, "tower.age.fast"), values=fast),
    ]
    slots = [say(locale, "tower.age.slot", n=seconds - slot) for slot in range(seconds)]
    ticks = {slot: f"−{seconds - slot} s" for slot in range(0, seconds, TICK_SECONDS)}
    drawing = chart.draw("age", slots, layers, ticks=ticks, least_top=5.0)
    return {"drawing": drawing, "now_seconds": fast[-1]}
