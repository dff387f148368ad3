"""Faults to plant in what is read out of people's words, as `planted` takes them."""

from collections.abc import Sequence

EXTRACT, REFERENCE = "tests/ml/answers/test_extract.py", "tests/app/desk/test_reference.py"

MOOD, ANSWER = "tests/ml/answers/test_mood.py", "tests/app/desk/test_angry.py"
SEVERAL = "tests/app/desk/test_several.py"

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
        f"{MOOD}::test_no_score_leaves_its_range_and_none_stands_without_a_reason",
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
        "if is_open and _is_angry(question, now):",
        "if not is_open:",
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
        "part-of-a-message-is-answered-though-the-rest-must-not-be",
        "app/desk/several.py",
        "if len(answers) < len(parts):",
        "if not answers:",
        f"{SEVERAL}::test_one_wish_that_must_not_be_answered_hands_all_over",
    ),
    (
        "what-only-tells-is-answered-as-a-wish",
        "app/desk/several.py",
        "if not all(one.wish.is_asked for one in parts):",
        "if not parts:",
        f"{SEVERAL}::test_words_that_only_tell_are_for_a_person_to_weigh",
    ),
    (
        "what-is-not-understood-is-left-out",
        "app/desk/clauses.py",
        "if not found or _leaves_out(text, language):",
        "if not found:",
        f"{SEVERAL}::test_what_asks_one_thing_or_is_not_all_understood_stays_whole",
    ),
    (
        "who-is-angry-is-answered-in-parts",
        "app/desk/hear.py",
        "if read.by is By.MODEL or _is_angry(question, now):",
        "if read.by is By.MODEL:",
        f"{SEVERAL}::test_who_is_angry_is_not_answered_in_parts",
    ),
    (
        "a-price-names-an-order",
        "app/desk/reference.py",
        "if one.kind in (Kind.ORDER, Kind.TRACKING)",
        "if one.kind in (Kind.ORDER, Kind.TRACKING, Kind.MONEY, Kind.PHONE)",
        f"{REFERENCE}::test_phones_tails_and_times_name_no_order",
    ),
)
