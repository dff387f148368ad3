"""Why somebody was told, later or not at all: a stored verdict in words, every rule it asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.people.choices import ChannelName
from app.people.levels import Level
from app.words import show
from app.words.say import knows, say

Inputs = Mapping[str, Any]
SIGNS_OF_ANSWERS = {"send": "good", "wait": "wait", "digest": "wait", "downgrade": "wait"}
SIGNS = {"pass": "good", "narrow": "wait", "wait": "wait", "fold": "wait", "skip": "bad"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One rule that was asked, in words."""

    rule: str
    question: str
    answer: str
    sign: str  #: good, wait or bad
    decided: bool


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A verdict in words: one sentence, then every rule in the order it was asked."""

    headline: str
    sign: str
    asked: Sequence[Asked]


def explain(row: Any, *, locale: str, zone: str, channels: Sequence[str] = ()) -> Explained:
    """Put a stored verdict into words.

    Args:
        row: A row of `verdict`.
        zone: The zone that times are shown in: the person's own.
        channels: Where its messages go, as far as they are known.
    """
    return Explained(
        headline=_headline(row, locale=locale, zone=zone, channels=channels),
        sign=SIGNS_OF_ANSWERS.get(row.answer, "bad"),
        asked=[
            Asked(
                rule=rule,
                question=_known(locale, f"rule.{rule}", rule),
                answer=_answer(rule, outcome, inputs, locale=locale, zone=zone),
                sign=SIGNS.get(outcome, "wait"),
                decided=rule == row.decided_by,
            )
            for rule, outcome, inputs in row.trace
        ],
    )


def because(code: str | None, *, locale: str) -> str:
    """Return a reason's sentence, or an empty one where there is no reason."""
    return _known(locale, f"because.{code}", code) if code else ""


def _headline(row: Any, *, locale: str, zone: str, channels: Sequence[str]) -> str:
    if row.answer == "send":
        return say(locale, "verdict.send", channels=names(channels, locale))
    reason = because(row.because, locale=locale)
    if row.answer in ("wait", "digest"):
        until = show.when(locale, row.until, zone=zone)
        return say(locale, f"verdict.{row.answer}", until=until, because=reason)
    return say(locale, f"verdict.{row.answer}", because=reason)


def names(channels: Sequence[str], locale: str) -> str:
    """Return the channels' names in a row, or a dash for none."""
    joint = "、" if locale == "zh" else ", "
    usual = [*ChannelName]
    ordered = sorted(channels, key=lambda name: usual.index(name) if name in usual else len(usual))
    return joint.join(_known(locale, f"on.{name}", name) for name in ordered) or "–"


def _known(locale: str, key: str, fallback: str) -> str:
    return say(locale, key) if knows(key) else fallback


def _answer(rule: str, outcome: str, inputs: Inputs, *, locale: str, zone: str) -> str:
    write = ANSWERS.get(rule)
    return write(outcome, inputs, locale, zone) if write else outcome


def _superseded(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if outcome == "pass":
        return say(locale, "rule.superseded.pass")
    for what in ("order", "parcel"):
        if what in inputs:
            word = _known(locale, f"{what}.{inputs[what]}", str(inputs[what]))
            return say(locale, f"rule.superseded.{what}", state=word)
    what = next((known for known in ("short", "refund") if known in inputs), "date")
    return say(locale, f"rule.superseded.{what}")


def _suppression(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if outcome == "pass":
        return say(locale, "rule.suppression.pass")
    return say(locale, "rule.suppression.dead", channels=names(inputs.get("dead", ()), locale))


def _consent(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if not inputs:
        return say(locale, "rule.consent.not_needed")
    refused = [channel for channel, agreed in inputs.items() if not agreed]
    if outcome == "pass" or not refused:
        return say(locale, "rule.consent.pass")
    return say(locale, "rule.consent.refused", channels=names(refused, locale))


def _preference(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if outcome == "pass" and "more" in inputs:
        return say(locale, "rule.preference.more", channels=names([inputs["more"]], locale))
    if outcome == "pass" or not inputs:
        return say(locale, "rule.preference.pass")
    category = _known(locale, f"category.{inputs['category']}", str(inputs["category"]))
    off = inputs.get("off", ())
    levels = inputs.get("by", [Level.CELL] * len(off))  # once there were cells only
    by_level = {
        level: [channel for channel, found in zip(off, levels, strict=True) if found == level]
        for level in Level
    }
    joint = "" if locale == "zh" else " "
    return joint.join(
        say(locale, f"rule.preference.{level}", category=category, channels=names(gone, locale))
        for level, gone in by_level.items()
        if gone
    )


def _pause(outcome: str, inputs: Inputs, locale: str, zone: str) -> str:
    if outcome == "pass":
        return say(locale, "rule.pause.pass")
    until = show.when(locale, datetime.fromisoformat(inputs["until"]), zone=zone)
    return say(locale, "rule.pause.off", until=until)


def _mute(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if outcome == "pass":
        return say(locale, "rule.mute.pass")
    return say(locale, "rule.mute.off", channels=names(inputs.get("off", ()), locale))


def _bells(_outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    said = []
    if "more" in inputs:
        said.append(say(locale, "rule.bells.more", channels=names([inputs["more"]], locale)))
    if "still" in inputs:
        key = "rule.bells.fetched" if inputs.get("fetched") else "rule.bells.off"
        said.append(say(locale, key, channels=names(inputs["still"], locale)))
    joint = "" if locale == "zh" else " "
    return joint.join(said) or say(locale, "rule.bells.pass")


def _fatigue(_outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if "percent" not in inputs:
        return say(locale, "rule.fatigue.pass")
    why = say(locale, f"rule.fatigue.why.{inputs['why']}")
    if "off" not in inputs:
        return say(locale, "rule.fatigue.low", percent=inputs["percent"])
    channels = names(inputs["off"], locale)
    return say(locale, "rule.fatigue.off", percent=inputs["percent"], why=why, channels=channels)


def _switch(outcome: str, _inputs: Inputs, locale: str, _: str) -> str:
    return say(locale, "rule.switch.pass" if outcome == "pass" else "rule.switch.stopped")


def _reachable(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if outcome == "pass":
        return say(locale, "rule.reachable.pass")
    missing = names(inputs.get("missing", ()), locale)
    return say(locale, "rule.reachable.missing", channels=missing)


def opens(inputs: Inputs, locale: str) -> str:
    """Say of each channel that was weighed how many of ten are opened; the likeliest first."""
    joint = "，" if locale == "zh" else ", "
    shares = sorted(inputs.get("open", {}).items(), key=lambda one: (-one[1], one[0]))
    return joint.join(
        say(
            locale, "routing.opens", channel=names([channel], locale), tens=_of_ten(percent, locale)
        )
        for channel, percent in shares
    )


def _of_ten(percent: int, locale: str) -> str:
    tens = round(percent / 10)
    return say(locale, "routing.less_than_one") if tens == 0 else str(tens)


def _routing(outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    if "own" in inputs:
        return say(locale, "rule.routing.own", channels=names(inputs["own"], locale))
    if "first" not in inputs:
        return say(locale, "rule.routing.pass")
    opened = opens(inputs, locale)
    if inputs["first"] == "all":
        return say(locale, f"rule.routing.all.{inputs['by']}", opens=opened)
    others = inputs.get("still") or inputs["later"]
    said = {"first": names([inputs["first"]], locale), "channels": names(others, locale)}
    key = "weighed" if opened and inputs["by"] == "seen" else inputs["by"]
    said["why"] = say(locale, f"rule.routing.by.{key}", opens=opened)
    if outcome == "narrow":
        return say(locale, "rule.routing.still", **said)
    after = show.span(locale, inputs["minutes"] * 60)
    return say(locale, "rule.routing.later", **said, after=after)


def _cap(outcome: str, inputs: Inputs, locale: str, zone: str) -> str:
    if "most" in inputs:  # a verdict of the time when there was one cap
        window = show.span(locale, inputs["window_seconds"])
        heard, most = inputs["heard"], inputs["most"]
        return say(locale, "rule.cap.heard", heard=heard, most=most, window=window)
    if not inputs.get("caps"):
        return say(locale, "rule.cap.not_counted")
    full = inputs.get("full", ())
    told = [one for one in inputs["caps"] if not full or one[0] in full]
    joint = "；" if locale == "zh" else "; "
    looked = joint.join(_one_cap(one, locale) for one in told)
    if "slots" in inputs:
        return say(
            locale, "rule.cap.fold", caps=looked, slots=_slots(inputs["slots"], locale, zone)
        )
    if "until" not in inputs:
        return say(locale, f"rule.cap.{outcome}", caps=looked)
    until = show.when(locale, datetime.fromisoformat(inputs["until"]), zone=zone)
    return say(locale, "rule.cap.wait", caps=looked, until=until)


def _one_cap(looked: Sequence[Any], locale: str) -> str:
    name, surface, per, heard, most = looked
    return say(
        locale,
        "rule.cap.one",
        name=_known(locale, f"cap.{name}", str(name)),
        surface=_known(locale, f"surface.{surface}", str(surface)),
        per=_known(locale, f"per.{per}", str(per)),
        heard=heard,
        most=most,
    )


def _rhythm(outcome: str, inputs: Inputs, locale: str, zone: str) -> str:
    leads = inputs.get("leads")
    first = say(locale, "rule.rhythm.leads", slots=_slots(leads, locale, zone)) if leads else ""
    if outcome == "pass":
        return first or say(locale, "rule.rhythm.cannot_wait" if inputs else "rule.rhythm.pass")
    folds = say(locale, "rule.rhythm.fold", slots=_slots(inputs["slots"], locale, zone))
    return (folds + (" " if locale == "en" else "") + first).strip()


def _slots(slots: Sequence[Sequence[str]], locale: str, zone: str) -> str:
    joint = "；" if locale == "zh" else "; "
    return joint.join(
        f"{names([channel], locale)}, {show.when(locale, datetime.fromisoformat(at), zone=zone)}"
        for channel, at in slots
    )


def _escalation(_outcome: str, inputs: Inputs, locale: str, _: str) -> str:
    joint = "；" if locale == "zh" else "; "
    steps = joint.join(
        say(
            locale,
            "rule.escalation.step",
            channel=names([channel], locale),
            after=show.span(locale, minutes * 60),
        )
        for channel, minutes in inputs["later"]
    )
    return say(locale, "rule.escalation.later", steps=steps)


def _quiet_hours(outcome: str, inputs: Inputs, locale: str, zone: str) -> str:
    if inputs.get("urgent"):
        return say(locale, "rule.quiet_hours.urgent")
    if inputs.get("never"):
        return say(locale, "rule.quiet_hours.never", zone=inputs.get("zone", zone))
    if outcome == "pass" or "until" not in inputs:
        return say(locale, "rule.quiet_hours.pass", zone=inputs.get("zone", zone))
    until = datetime.fromisoformat(inputs["until"])
    place = inputs.get("zone", zone)
    whose = inputs.get("by", "shop")  # older verdicts knew the shop's hours only
    when = show.when(locale, until, zone=place)
    return say(locale, f"rule.quiet_hours.{whose}", zone=place, until=when)


ANSWERS: Mapping[str, Callable[[str, Inputs, str, str], str]] = {
    "superseded": _superseded,
    "suppression": _suppression,
    "consent": _consent,
    "preference": _preference,
    "pause": _pause,
    "mute": _mute,
    "bells": _bells,
    "fatigue": _fatigue,
    "switch": _switch,
    "reachable": _reachable,
    "routing": _routing,
    "cap": _cap,
    "rhythm": _rhythm,
    "escalation": _escalation,
    "quiet_hours": _quiet_hours,
}
