"""Why did I get this? One message explained to whoever got it: what happened, and what let it in.

`explain.py` tells staff every rule that was asked; here a person hears of their own choices only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.hub.cap_rules import CEILING, ROLLING_SECONDS, Per
from app.hub.catalogue import Kind, Notice
from app.hub.digest_items import Joined
from app.hub.digest_said import BARRED, in_digest
from app.hub.explain import opens
from app.hub.verdict import Because
from app.people.choices import BELLS
from app.people.history import Line
from app.people.person import Consent
from app.people.saying import By
from app.words import show
from app.words.say import knows, say

UNPAID = "unpaid"
ROUTED = frozenset({"seen", "learnt", "chance"})  # what named a bell that has words of its own


@dataclass(frozen=True, kw_only=True)
class Told:
    """One message as its person sees it. `rules` maps each rule that was asked to its inputs.

    `rules` is None where the message is on record and what was decided of it is not, or no more.
    """

    notice: Notice
    channel: str
    order_number: int | None
    is_unpaid: bool
    rules: Mapping[str, Mapping[str, Any]] | None
    kept_back: str | None = None  #: why it did not leave after all, if it was decided again
    joined: Sequence[Joined] = ()  #: the digests it joined
    made_way_for: str | None = None  #: the notice that took its place, where one is known
    erased_at: datetime | None = None  #: when its person was erased, if they were

    def asked(self, rule: str) -> Mapping[str, Any]:
        """Return what a rule looked at; nothing where it was not asked, or that is not kept."""
        return (self.rules or {}).get(rule, {})


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the person has chosen by now, about messages like this one on its channel."""

    is_wanted: bool
    is_muted: bool
    consent: Consent | None
    more_on: str | None = None  #: where they are told more of this order by now
    said: Line | None = None  #: the last choice that holds for them, if one was ever made


@dataclass(frozen=True, kw_only=True)
class Voice:
    """In what language, and by which clock."""

    locale: str
    zone: str

    def say(self, key: str, **params: object) -> str:
        """Return a sentence in the language."""
        return say(self.locale, key, **params)


@dataclass(frozen=True, kw_only=True)
class Why:
    """The answer: what happened, then each thing that let the message through."""

    happened: str
    let_through: Sequence[str]


def why(told: Told, chosen: Chosen, voice: Voice) -> Why:
    """Say why a person got a message."""
    said = [reason(told, chosen, voice) for reason in _reasons(told)]
    said += [in_digest(one, locale=voice.locale, zone=voice.zone) for one in told.joined]
    return Why(happened=_happened(told, voice), let_through=[one for one in said if one])


Reason = Callable[[Told, Chosen, Voice], str]


def _reasons(told: Told) -> Sequence[Reason]:
    """Say what can be told: of whoever was erased no choice is known, of the past maybe no rule."""
    if told.erased_at is not None:
        return (_erased, _in_the_end)
    by_choice: Sequence[Reason] = (_allowed, _wanted, _unmuted)
    if told.rules is None:
        return (*by_choice, _in_the_end, _not_kept)
    return (*by_choice, _more, _routed, _counted, _at_this_hour, _in_the_end)


def _erased(told: Told, _: Chosen, voice: Voice) -> str:
    on = told.erased_at.astimezone(ZoneInfo(voice.zone)).date() if told.erased_at else ""
    return voice.say("why.erased", day=on)


def _not_kept(_told: Told, _: Chosen, voice: Voice) -> str:
    return voice.say("why.not_kept")


def _happened(told: Told, voice: Voice) -> str:
    if told.erased_at is not None:
        return voice.say("why.erased.happened")
    name = "order_unpaid" if told.is_unpaid else told.notice.name
    return voice.say(f"why.event.{name}", number=told.order_number or "–")


def _on(channel: str, voice: Voice) -> str:
    key = f"on.{channel}"
    return voice.say(key) if knows(key) else channel


def _allowed(told: Told, chosen: Chosen, voice: Voice) -> str:
    if told.notice.kind is not Kind.MARKETING:
        return voice.say(f"why.may.{told.notice.kind}")
    agreed, on = chosen.consent, _on(told.channel, voice)
    if agreed is None or not agreed.granted:
        return voice.say("why.may.agreed_once", channel=on)
    day = show.day(voice.locale, agreed.at, zone=voice.zone)
    return voice.say("why.may.agreed", channel=on, day=day)


def _wanted(told: Told, chosen: Chosen, voice: Voice) -> str:
    if told.notice.kind is Kind.SECURITY:
        return ""
    category = voice.say(f"category.{told.notice.category}")
    key = "why.choice.on" if chosen.is_wanted else "why.choice.off"
    sentence = voice.say(key, category=category, channel=_on(told.channel, voice))
    said = chosen.said
    if said is None or said.became is not chosen.is_wanted:
        return sentence
    who = "person" if said.said_by == By.PERSON else "shop"
    day = show.day(voice.locale, said.at, zone=voice.zone)
    when = voice.say(f"why.choice.said.{who}", day=day, where=voice.say(f"past.at.{said.door}"))
    return f"{sentence}{'' if voice.locale == 'zh' else ' '}{when}"


def _unmuted(told: Told, chosen: Chosen, voice: Voice) -> str:
    if told.order_number is None or told.notice.kind is not Kind.ORDER:
        return ""
    return voice.say("why.muted" if chosen.is_muted else "why.not_muted")


def _more(told: Told, chosen: Chosen, voice: Voice) -> str:
    """Say that it rang because they asked to be told more of this order, and whether that holds."""
    if told.asked("bells").get("more") != told.channel:
        return ""
    key = "why.more.on" if chosen.more_on == told.channel else "why.more.off"
    return voice.say(key, channel=_on(told.channel, voice))


def _routed(told: Told, _: Chosen, voice: Voice) -> str:
    inputs = told.asked("routing")
    if inputs.get("first") != told.channel:
        return ""
    key = inputs["by"] if inputs["by"] in ROUTED else "one"
    said = {"channel": _on(told.channel, voice), "opens": opens(inputs, voice.locale)}
    return voice.say(f"why.routed.{key}", **said)


def _counted(told: Told, _: Chosen, voice: Voice) -> str:
    inputs = told.asked("cap")
    if "most" in inputs:  # a verdict of the time when there was one cap
        heard, most, seconds = inputs["heard"], inputs["most"], inputs["window_seconds"]
    elif under := [one for one in inputs.get("caps", ()) if one[0] == CEILING]:
        _, _, _, heard, most = under[0]
        seconds = ROLLING_SECONDS[Per.ROLLING_DAY]
    else:
        return ""
    window = show.span(voice.locale, seconds)
    return voice.say("why.counted", nth=heard + 1, most=most, window=window)


def _at_this_hour(told: Told, _: Chosen, voice: Voice) -> str:
    inputs = told.asked("quiet_hours")
    if told.channel not in BELLS:
        return voice.say("why.hour.silent")
    if inputs.get("urgent"):
        return voice.say("why.hour.urgent")
    place = show.zone(voice.locale, inputs.get("zone", voice.zone))
    if "until" not in inputs:
        return voice.say("why.hour.day", zone=place)
    until = show.when(voice.locale, datetime.fromisoformat(inputs["until"]), zone=voice.zone)
    whose = inputs.get("by", "shop")  # older verdicts knew the shop's hours only
    return voice.say(f"why.hour.{whose}", zone=place, until=until)


def _in_the_end(told: Told, _: Chosen, voice: Voice) -> str:
    if told.kept_back is None:
        return ""
    if told.kept_back == Because.DISPLACED:
        by = told.made_way_for
        what = voice.say(f"notice.{by}") if by else voice.say("why.more_urgent")
        return voice.say("why.kept.displaced", what=what)
    key = f"why.kept.{BARRED.get(told.kept_back, told.kept_back)}"
    return voice.say(key if knows(key) else "why.kept.other")
