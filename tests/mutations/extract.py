"""Faults to plant in what is read out of people's words, as `planted` takes them."""

from collections.abc import Sequence

EXTRACT, REFERENCE = "tests/ml/answers/test_extract.py", "tests/app/desk/test_reference.py"

MOOD, ANSWER = "tests/ml/answers/test_mood.py", "tests/app/desk/test_angry.py"

OF_EXTRACT: Sequence[tuple[str, str, str, str, str]] = (
    (
        "any-two-letters-and-digits-are-a-parcel",
        "ml/answers/extract/carriers.py",
        'return "post" if is_s10(number) else None',
        'return "post"',
        f"{EXTRACT}::test_a_text_names_what_its_row_says_and_nothing_else",
    ),
    (
        "a-tax-number-names-an-order",
        "ml/answers/extract/read.py",
        "text = pattern.sub(lambda match: TAKEN * len(match.group()), text)",
        "text = pattern.sub(lambda match: match.group(), text)",
        f"{EXTRACT}::test_a_text_names_what_its_row_says_and_nothing_else",
    ),
    (
        "two-pieces-overlap",
        "ml/answers/extract/read.py",
        "rest = rest[:start] + TAKEN * (end - start) + rest[end:]",
        "rest = rest[:start] + rest[start:end] + rest[end:]",
        f"{EXTRACT}::test_what_was_found_stands_where_it_is_said_to",
    ),
    (
        "a-text-is-read-without-end",
        "ml/answers/extract/read.py",
        "made = plain(written[:MOST_CHARACTERS])",
        "made = plain(written)",
        f"{EXTRACT}::test_no_more_of_a_text_is_read_than_its_beginning",
    ),
    (
        "yesterday-is-counted-in-greenwich",
        "ml/answers/extract/read.py",
        "return found_on(written, now.astimezone(ZoneInfo(zone)).date())",
        "return found_on(written, now.astimezone(ZoneInfo('UTC')).date())",
        f"{EXTRACT}::test_yesterday_is_counted_on_the_clock_of_the_one_who_writes",
    ),
    (
        "words-that-calm-say-nothing",
        "ml/answers/mood.py",
        "if sign is not Sign.CALM:",
        "if sign:",
        f"{MOOD}::test_a_message_sounds_as_its_row_says",
    ),
    (
        "an-old-word-presses-for-ever",
        "ml/answers/mood.py",
        "times = sum(now - OFTEN_WITHIN <= at < now for at in earlier)",
        "times = sum(at < now for at in earlier)",
        f"{MOOD}::test_writing_again_within_hours_presses_and_an_older_word_does_not",
    ),
    (
        "a-machine-answers-who-is-angry",
        "app/desk/hear.py",
        "if mood(question.text, now=now, zone=question.person.zone).is_angry:",
        "if not question.text:",
        f"{ANSWER}::test_who_is_angry_or_threatens_is_answered_by_nobody_but_a_person",
    ),
    (
        "what-others-write-makes-a-person-press",
        "app/desk/case_store.py",
        "person_id == person_id,\n            case_entry.c.author == Author.SHOPPER,",
        "id.is_not(None),\n            case_entry.c.author == Author.SHOPPER,",
        f"{ANSWER}::test_only_what_the_person_wrote_counts_as_writing_again",
    ),
    (
        "what-an-agent-writes-makes-a-person-press",
        "app/desk/case_store.py",
        "            case_entry.c.author == Author.SHOPPER,\n            case_entry.c.at >= since,",
        "            case_entry.c.at >= since,",
        f"{ANSWER}::test_only_what_the_person_wrote_counts_as_writing_again",
    ),
    (
        "a-price-names-an-order",
        "app/desk/reference.py",
        "if one.kind in (Kind.ORDER, Kind.TRACKING)",
        "if one.kind in (Kind.ORDER, Kind.TRACKING, Kind.MONEY, Kind.PHONE)",
        f"{REFERENCE}::test_phones_tails_and_times_name_no_order",
    ),
)
