"""Proving that an order is one's own: few tries, one use of a code, one browser, one hour."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people.links import Links, Purpose
from app.people.store import recipients
from app.story import seal as sealing
from app.story.proof import MOST_WRONG, Claim, Result, Tried, prove
from app.story.seal import is_sealed, seal
from app.story.tables import order_proof
from orders_core.ids import OrderId, new_id
from tests.scene import EMAIL, PHONE, Scene
from tests.shop import Shop

TAIL = PHONE[-4:]
SECRET = b"a secret of the test"


@pytest.fixture
def path(links: Links, scene: Scene) -> str:
    """The owner's page."""
    return f"/o/{links.token(Purpose.ORDER, scene.order)}"


def post(client: TestClient, path: str, act: str, **typed: str) -> tuple[int, str]:
    """Send a form of the page; return the status, and the page in English."""
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert csrf is not None
    answer = client.post(
        f"{path}/{act}", data={"csrf": csrf[1], **typed}, headers={"cookie": "ob_lang=en"}
    )
    return answer.status_code, answer.text


def sent_code(shop: Shop) -> str:
    """Return the code that is on its way, as its message holds it."""
    with begin(shop.engine) as tx:
        found = tx.scalar(
            text(
                "SELECT variables ->> 'code' FROM message WHERE notice = 'security_code'"
                " ORDER BY id DESC LIMIT 1"
            )
        )
    return str(found)


def age(shop: Shop, by: timedelta) -> None:
    """Let machine time pass over the proofs."""
    with begin(shop.engine) as tx:
        tx.execute(
            text(
                "UPDATE order_proof SET"
                " wrong_at = ARRAY(SELECT at - CAST(:by AS interval) FROM unnest(wrong_at) at),"
                " sent_at = ARRAY(SELECT at - CAST(:by AS interval) FROM unnest(sent_at) at),"
                " code_until = code_until - CAST(:by AS interval)"
            ),
            {"by": by},
        )


def test_the_end_of_the_phone_number_shows_everything_in_this_browser(
    client: TestClient, path: str
) -> None:
    assert post(client, path, "prove", tail=TAIL)[0] == 303
    page = client.get(path).text

    assert all(known in page for known in ("林小满", PHONE, EMAIL))
    client.cookies.clear()
    assert PHONE not in client.get(path).text


def test_full_width_digits_and_blanks_are_digits(client: TestClient, path: str) -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in TAIL)

    assert post(client, path, "prove", tail=f" {wide} ")[0] == 303


def test_the_proof_is_for_this_page_alone_and_for_an_hour(
    client: TestClient, path: str, links: Links, scene: Scene
) -> None:
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert csrf is not None
    cookie = client.post(f"{path}/prove", data={"csrf": csrf[1], "tail": TAIL}).headers[
        "set-cookie"
    ]

    assert f"Path={path};" in f"{cookie};"
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=3600" in cookie
    shared = client.get(
        f"/o/{links.token(Purpose.SHARED_ORDER, scene.order)}", headers={"cookie": cookie}
    )
    assert PHONE not in shared.text


def test_a_seal_is_of_one_order_of_ours_and_not_an_hour_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order_id = OrderId(new_id())
    word = seal(order_id, secret=SECRET)

    assert is_sealed(word, order_id, secret=SECRET)
    assert not is_sealed(word, OrderId(new_id()), secret=SECRET)
    assert not is_sealed(word, order_id, secret=b"another")
    assert not is_sealed(order_id.hex, order_id, secret=SECRET)
    assert not is_sealed("ü", order_id, secret=SECRET)
    monkeypatch.setattr(sealing, "GOOD_SECONDS", -1)
    assert not is_sealed(word, order_id, secret=SECRET)


def test_five_wrong_tries_within_an_hour_lock_even_the_right_one(
    client: TestClient, path: str, shop: Shop
) -> None:
    said = [post(client, path, "prove", tail="0000") for _ in range(MOST_WRONG)]

    assert [status for status, _ in said] == [422] * 4 + [429]
    assert "4 tries are left" in said[0][1]
    assert "1 try is left" in said[3][1]
    assert "try again in 60 minutes" in said[4][1]
    assert post(client, path, "prove", tail=TAIL)[0] == 429
    age(shop, timedelta(minutes=61))
    assert post(client, path, "prove", tail=TAIL)[0] == 303


def test_a_wrong_code_counts_like_a_wrong_number(client: TestClient, path: str) -> None:
    post(client, path, "prove", code="123456")

    assert "3 tries are left" in post(client, path, "prove", tail="0000")[1]


def test_a_slip_of_the_finger_costs_no_try(client: TestClient, path: str) -> None:
    for typed in ("", "12", "abcd", "12345"):
        status, page = post(client, path, "prove", tail=typed)

        assert status == 422
        assert "5 tries are left" in page


def test_tries_at_one_moment_are_counted_one_by_one(scene: Scene, shop: Shop) -> None:
    with begin(shop.engine) as tx:
        lin = recipients(tx, [scene.lin])[scene.lin]
    found: list[Tried] = []

    def guess(number: int) -> None:
        with begin(shop.engine) as tx:
            found.append(prove(tx, scene.order, lin, Claim(tail=f"{number:04}"), secret=SECRET))

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.left for one in found if one.result is Result.WRONG) == [1, 2, 3, 4]
    with begin(shop.engine) as tx:
        assert tx.scalar(text("SELECT cardinality(wrong_at) FROM order_proof")) == MOST_WRONG


def test_a_code_goes_out_by_the_notice_and_opens_once(
    client: TestClient, path: str, shop: Shop
) -> None:
    assert post(client, path, "code")[0] == 303
    code = sent_code(shop)
    with begin(shop.engine) as tx:
        channels = set(
            tx.scalars(text("SELECT channel FROM message WHERE notice = 'security_code'"))
        )
        kept = tx.scalar(text("SELECT code_hash FROM order_proof"))

    assert channels == {"sms", "email"}
    assert code.encode() not in bytes(kept or b"")
    assert post(client, path, "prove", code=code)[0] == 303
    assert PHONE in client.get(path).text
    assert post(client, path, "prove", code=code)[0] == 422


def test_a_code_is_good_for_ten_minutes(client: TestClient, path: str, shop: Shop) -> None:
    post(client, path, "code")
    age(shop, timedelta(minutes=11))

    assert post(client, path, "prove", code=sent_code(shop))[0] == 422


def test_a_new_code_takes_the_place_of_the_one_before(
    client: TestClient, path: str, shop: Shop
) -> None:
    post(client, path, "code")
    before = sent_code(shop)
    age(shop, timedelta(minutes=2))
    post(client, path, "code")

    assert sent_code(shop) != before
    assert post(client, path, "prove", code=before)[0] == 422
    assert post(client, path, "prove", code=sent_code(shop))[0] == 303


def test_codes_are_sent_one_a_minute_and_three_an_hour(
    client: TestClient, path: str, shop: Shop
) -> None:
    assert post(client, path, "code")[0] == 303
    status, page = post(client, path, "code")
    assert status == 429
    assert "a new one can be sent in 1 minute" in page
    for _ in range(2):
        age(shop, timedelta(minutes=2))
        assert post(client, path, "code")[0] == 303
    age(shop, timedelta(minutes=2))
    assert post(client, path, "code")[0] == 429


def test_no_code_is_sent_while_the_order_is_locked(
    client: TestClient, path: str, shop: Shop
) -> None:
    for _ in range(MOST_WRONG):
        post(client, path, "prove", tail="0000")

    assert post(client, path, "code")[0] == 429
    assert sent_code(shop) == "None"


def test_a_code_of_one_order_opens_no_other(shop: Shop, scene: Scene) -> None:
    other = OrderId(new_id())
    with begin(shop.engine) as tx:
        lin = recipients(tx, [scene.lin])[scene.lin]
        prove(tx, scene.order, lin, Claim(), secret=SECRET)
        prove(tx, other, lin, Claim(), secret=SECRET)
        tx.execute(
            update(order_proof).values(
                code_hash=b"x" * 32, code_until=text("clock_timestamp() + interval '1 minute'")
            )
        )

        assert prove(tx, other, lin, Claim(code="123456"), secret=SECRET).result is Result.WRONG


def test_somebody_without_an_address_is_told_that_no_code_can_be_sent(
    client: TestClient, path: str, shop: Shop
) -> None:
    with begin(shop.engine) as tx:
        tx.execute(
            text(
                "INSERT INTO suppression (channel, address, reason, at)"
                " SELECT channel, address, 'bounced', now() FROM contact"
            )
        )
    status, page = post(client, path, "code")

    assert status == 422
    assert "No code can be sent" in page


def test_the_message_with_the_code_is_told_like_every_other(client: TestClient, path: str) -> None:
    post(client, path, "code")

    assert "Because somebody asked for a code on this page." in client.get(f"{path}?lang=en").text
