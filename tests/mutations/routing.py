"""Faults to plant in the choice of a channel, in the form of `planted.Fault`."""

from collections.abc import Sequence

PURE, T = "app/hub/routing.py", "tests/app/hub/test_routing.py"
CASE = f"{T}::test_the_case_goes_as_the_table_says"

ROUTES: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-code-is-routed",
        PURE,
        "notice.kind is Kind.SECURITY or ",
        "",
        f"{CASE}[a code goes everywhere whatever the table says]",
    ),
    (
        "what-the-person-chose-is-taken-away",
        PURE,
        "            or wants(person.preferences, about, channel)\n",
        "",
        f"{CASE}[she asked for letters about offers: they come beside the push]",
    ),
    (
        "a-rhythm-of-their-own-is-taken-away",
        PURE,
        "            or channel in person.rhythms\n",
        "",
        f"{CASE}[she said how often letters come: they stay]",
    ),
    (
        "the-inbox-line-is-routed-away",
        PURE,
        "if channel in BELLS and channel not in held)",
        "if channel not in held)",
        f"{CASE}[she opens what is pushed: an offer is pushed and nothing else]",
    ),
    (
        "a-bell-that-may-not-ring-silences-the-others",
        PURE,
        "    if first in bells:\n",
        "    if first:\n",
        f"{CASE}[the shop names a channel that she cannot be reached on]",
    ),
    (
        "what-was-opened-long-ago-counts",
        PURE,
        " if question.now.date() - day <= LATELY else None",
        "",
        f"{CASE}[opened thirty-one days ago says nothing of today]",
    ),
    (
        "a-bell-kept-back-for-later-goes-first",
        PURE,
        " and channel not in held)",
        ")",
        f"{CASE}[a first bell that escalation keeps back names nothing]",
    ),
    (
        "an-older-opening-takes-the-place-of-a-newer",
        "app/people/opened_store.py",
        "        where=last_opened.c.at <= said.excluded.at,\n",
        "",
        f"{T}::test_what_was_opened_later_stands",
    ),
    (
        "a-channel-it-never-went-out-on-is-remembered",
        "app/hub/opened_store.py",
        "message.c.channel.in_([ChannelName.INAPP.value, opened.on])",
        "message.c.channel.is_not(None)",
        f"{T}::test_what_is_opened_is_remembered_of_whoever_it_rang_for",
    ),
)
