"""Both languages say everything, with the same facts."""

import re
from pathlib import Path

import pytest

from app.http.faults import CODES
from app.http.problems import TABLE
from app.hub.decide import RULES
from app.hub.verdict import ALL_CLEAR, Because
from app.ops.books import names as books
from app.people.choices import Category, ChannelName
from app.words.say import LOCALES, best_locale, catalogue_of, keys, knows, params_of, say

ROOT = Path(__file__).parents[3]
EN, ZH = catalogue_of("en").forms, catalogue_of("zh").forms


def test_both_languages_have_the_same_keys() -> None:
    assert set(EN) == set(ZH)


def test_every_sentence_is_there_in_both_languages_with_the_same_facts() -> None:
    for key in EN:
        forms = (*EN[key], *ZH[key])
        assert all(form and form == form.strip() for form in forms), key
        assert len({params_of(form) for form in forms}) == 1, key


def test_chinese_sentences_are_written_in_chinese() -> None:
    plain = {"nav.docs", "docs.title", "verdict.skip", "trace.event_says"}
    strangers = [
        key
        for key, forms in ZH.items()
        if key not in plain and not re.search("[\u4e00-\u9fff]", forms[0]) and has_words(forms[0])
    ]

    assert strangers == []


def has_words(sentence: str) -> bool:
    """Say whether a sentence holds words besides its facts."""
    return re.search("[A-Za-z]{2}", re.sub(r"\{[^{}]*\}", "", sentence)) is not None


def test_every_reason_and_every_rule_has_words() -> None:
    wanted = {f"because.{code}" for code in Because}
    wanted |= {f"rule.{rule}" for rule, _ in RULES} | {f"rule.{ALL_CLEAR}"}
    wanted |= {f"channel.{channel}" for channel in ChannelName}
    wanted |= {f"category.{category}" for category in Category}

    assert wanted <= set(keys())


def test_every_invariant_of_the_books_has_words() -> None:
    assert {f"books.{name}" for name in books()} <= set(keys())


def test_every_problem_of_these_rooms_has_words() -> None:
    codes = {rule.code for rule in TABLE.values()} | set(CODES.values())
    for room in ("http", "access"):
        for path in (ROOT / "app" / room).glob("*.py"):
            codes |= set(re.findall(r'code="([a-z_]+)"', path.read_text()))

    assert [code for code in sorted(codes) if not knows(f"problem.{code}")] == []


def test_every_key_that_the_code_and_the_pages_name_is_there() -> None:
    named: set[str] = set()
    for path in [*ROOT.glob("app/**/*.py"), *ROOT.glob("templates/pages/**/*.html")]:
        named |= set(
            re.findall(r"""say\((?:locale, )?["']([a-z_]+\.[a-z_.]*[a-z_])["']""", path.read_text())
        )

    assert sorted(named - set(keys())) == []


def test_a_count_picks_its_form() -> None:
    assert say("en", "books.breaches", n=1) == "1 breach"
    assert say("en", "books.breaches", n=2) == "2 breaches"
    assert say("zh", "books.breaches", n=1) == "1 处不符"


def test_an_unknown_language_reads_as_english_and_an_unknown_key_is_an_error() -> None:
    assert say("fr", "login.title") == "Log in"
    with pytest.raises(KeyError):
        say("en", "no.such.key")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr-FR,fr;q=0.9,en;q=0.5", "en"),
        ("en;q=0.1, zh;q=0.7", "zh"),
        ("zh;q=0, en", "en"),
        ("fr", "zh"),
        ("", "zh"),
        ("en;q=broken", "zh"),
        ("," * 5000, "zh"),
    ],
)
def test_the_browsers_first_wish_among_our_languages_wins(header: str, expected: str) -> None:
    assert best_locale(header, default="zh") == expected
    assert expected in LOCALES
