"""A signed link opens one person's page for one purpose, for a year, whatever the secret became."""

import hashlib
import random
import string
import time

import pytest
from itsdangerous import TimestampSigner
from pydantic import SecretStr

from app.people.choices import Category
from app.people.links import SALT, YEAR_SECONDS, BadLink, Links, Purpose, TokenOver, links_of
from app.settings import Settings
from orders_core.ids import PersonId, new_id

OLD, NEW = "old-secret" * 4, "new-secret" * 4
ANA = PersonId(new_id())
LINKS = Links([OLD], public_url="https://shop.example/")
MARKS = string.ascii_letters + string.digits + "-_."


def token(purpose: Purpose = Purpose.INBOX) -> str:
    return LINKS.token(purpose, ANA)


def test_a_link_opens_for_whom_and_what_it_was_made():
    url = LINKS.inbox(ANA)

    assert url.startswith("https://shop.example/i/")
    assert LINKS.person(url.rpartition("/")[2], Purpose.INBOX) == ANA


def test_an_unsubscribe_link_names_its_category_and_no_other():
    url = LINKS.unsubscribe(ANA, Category.OFFERS)

    grant = LINKS.open(url.rpartition("/")[2], Purpose.UNSUBSCRIBE)

    assert (grant.person_id, grant.category) == (ANA, Category.OFFERS)


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE])
def test_a_link_does_not_open_what_it_was_not_made_for(purpose: Purpose):
    with pytest.raises(BadLink):
        LINKS.open(token(Purpose.INBOX), purpose)


def test_a_link_holds_no_address_and_is_short_enough_for_an_sms():
    assert len(LINKS.inbox(ANA).rpartition("/")[2]) < 90


def test_a_link_works_after_the_secret_changed_while_the_old_one_is_listed():
    old = token()

    assert Links([OLD, NEW], public_url="https://shop.example").person(old, Purpose.INBOX) == ANA
    with pytest.raises(BadLink):
        Links([NEW], public_url="https://shop.example").person(old, Purpose.INBOX)


def test_an_installation_opens_links_of_its_former_keys_and_signs_with_its_own():
    settings = Settings(
        mode="test",
        secret_key=SecretStr(NEW),
        former_secret_keys=SecretStr(f"{'older-secret' * 3} {OLD}"),
    )
    changed = links_of(settings)

    assert changed.person(token(), Purpose.INBOX) == ANA
    made = changed.token(Purpose.INBOX, ANA)
    assert Links([NEW], public_url="https://shop.example").person(made, Purpose.INBOX) == ANA
    with pytest.raises(BadLink):
        links_of(Settings(mode="test", secret_key=SecretStr(NEW))).person(token(), Purpose.INBOX)


def test_the_newest_secret_signs():
    both = Links([OLD, NEW], public_url="https://shop.example")

    made = both.token(Purpose.INBOX, ANA)

    assert Links([NEW], public_url="https://shop.example").person(made, Purpose.INBOX) == ANA


@pytest.mark.parametrize(("age_seconds", "opens"), [(60 * 86400, True), (YEAR_SECONDS + 60, False)])
def test_a_link_lives_for_a_year(age_seconds: int, *, opens: bool, monkeypatch: pytest.MonkeyPatch):
    made = token()
    later = time.time() + age_seconds
    monkeypatch.setattr(time, "time", lambda: later)

    if opens:
        assert LINKS.person(made, Purpose.INBOX) == ANA
        return
    with pytest.raises(BadLink):
        LINKS.person(made, Purpose.INBOX)


def test_ten_thousand_forged_links_open_nothing():
    dice = random.Random(2026)  # noqa: S311 - dice, no secret
    made = token()
    accepted = 0
    for _ in range(10_000):
        marks = list(made)
        for _ in range(dice.randint(1, 3)):
            marks[dice.randrange(len(marks))] = dice.choice(MARKS)
        forged = "".join(marks)
        accepted += forged != made and _opens(forged)

    assert accepted == 0


def _opens(forged: str) -> bool:
    try:
        LINKS.open(forged, Purpose.INBOX)
    except BadLink:
        return False
    return True


def test_the_spare_bits_of_the_last_character_do_not_make_a_second_link():
    made = token()

    twins = [made[:-1] + mark for mark in MARKS if mark != made[-1]]

    assert not any(_opens(twin) for twin in twins)


@pytest.mark.parametrize("text", ["", ".", "...", "i.é.x", "x" * 10_000, "i." + "A" * 22])
def test_what_is_no_token_opens_nothing(text: str):
    assert not _opens(text)


def test_links_without_a_secret_cannot_be_made():
    with pytest.raises(ValueError, match="secret"):
        Links([], public_url="https://shop.example")


def test_a_token_for_a_page_of_the_shop_opens_until_its_second():
    made = LINKS.embedded(ANA, until=1_000)

    assert LINKS.holder(made, at=999.9) == (ANA, 1_000)
    with pytest.raises(TokenOver):
        LINKS.holder(made, at=1_000)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_no_link_is_such_a_token_and_such_a_token_is_no_link(purpose: Purpose):
    with pytest.raises(BadLink):
        LINKS.holder(token(purpose), at=0)
    with pytest.raises(BadLink):
        LINKS.open(LINKS.embedded(ANA, until=1_000), purpose)


def test_a_token_of_another_purpose_with_an_end_of_its_own_is_none():
    named = token(Purpose.INBOX).rsplit(".", 2)[0]
    signer = TimestampSigner(OLD, salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256)
    ours, another = (signer.sign(f"{head}{named[1:]}.1000").decode() for head in ("e", "i"))

    assert LINKS.holder(ours, at=0).person_id == ANA
    with pytest.raises(BadLink):
        LINKS.holder(another, at=0)
