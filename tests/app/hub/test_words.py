"""Every reason and every rule can be read by a person, in both languages."""

import pytest

from app.hub.decide import RULES
from app.hub.verdict import ALL_CLEAR, Because
from app.words.say import LOCALES, catalogue_of


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_has_words(locale: str):
    known = catalogue_of(locale).forms

    assert {f"because.{reason}" for reason in Because} <= set(known)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_has_words(locale: str):
    known = catalogue_of(locale).forms

    assert {f"rule.{rule_id}" for rule_id, _ in RULES} | {f"rule.{ALL_CLEAR}"} <= set(known)
