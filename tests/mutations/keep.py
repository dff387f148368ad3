"""Faults to plant in replies to messages of ours, in the form of `planted.Fault`."""

from collections.abc import Sequence

BACK, READ, DOOR = "app/desk/write_back.py", "app/desk/written_back.py", "app/desk/replies_api.py"
STORE, OPEN = "app/messages/history_store.py", "app/desk/open.py"
T = "tests/app/desk/test_write_back.py"

REPLIES: Sequence[tuple[str, str, str, str, str]] = (
    (
        "machines-talk-to-the-desk",
        BACK,
        "if is_automatic(letter.headers, sender=letter.sender, subject=letter.subject):",
        "if False:",
        f"{T}::test_what_nobody_wrote_opens_nothing",
    ),
    (
        "anybody-answers-for-anybody",
        BACK,
        "if _is_of_another(letter, message) and not letter.is_proven:",
        "if False:",
        f"{T}::test_what_nobody_wrote_opens_nothing",
    ),
    (
        "a-bounce-is-a-question",
        READ,
        '    "return-path": re.compile(r"\\s*<>"),  # a bounce\n',
        "",
        f"{T}::test_machines_are_known_by_what_they_write",
    ),
    (
        "goodbye-ends-e-mail-too",
        BACK,
        "Category.OFFERS, on=letter.channel,",
        "Category.OFFERS, on=ChannelName.EMAIL,",
        f"{T}::test_goodbye_ends_offers_on_that_channel_alone_and_says_where",
    ),
    (
        "a-reply-handed-over-twice-counts-twice",
        DOOR,
        "keyed = once if once.key or not body.id else replace(once, key=body.id)",
        "keyed = replace(once)",
        f"{T}::test_a_reply_handed_over_twice_is_taken_once",
    ),
    (
        "a-try-under-another-key-is-another-contact",
        BACK,
        "    if not opened.is_repeated:\n",
        "    if True:\n",
        f"{T}::test_a_reply_that_each_try_hands_over_under_a_key_of_its_own_is_one_contact",
    ),
    (
        "words-sent-twice-are-two-contacts",
        "app/desk/cases_api.py",
        "        if not opened.is_repeated:\n",
        "        if True:\n",
        "tests/app/desk/test_cases_api.py::test_the_same_words_within_a_minute_are_one_contact",
    ),
    (
        "an-sms-answers-what-has-not-left",
        STORE,
        "            message.c.state.in_((State.SENT, State.UNKNOWN)),\n",
        "",
        f"{T}::test_an_sms_is_found_by_whom_it_went_to",
    ),
    (
        "what-is-quoted-is-urgent",
        READ,
        "        if BEGINS_QUOTE.match(line):\n            break\n",
        "",
        f"{T}::test_what_is_quoted_makes_nothing_urgent",
    ),
    (
        "the-conversation-forgets-what-was-answered",
        OPEN,
        "text=question.written,",
        "text=cut(question.text),",
        f"{T}::test_a_reply_is_a_case_with_the_order_and_what_was_answered",
    ),
)
