"""`listen` and `trigger`: a developer hears what the shop emits, and lets it happen."""

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from app.entry import webhook
from app.entry.api_errors import Away, CannotTrigger, Refused
from app.entry.listen import BadTarget, Line, check_target, listen
from app.entry.own_api import OwnApi
from app.entry.trigger import BY_HAND, trigger
from app.house import House
from app.subscribers.handle import handle_events
from tests import poll
from tests.pages_app import settings_of
from tests.shop import Shop
from tests.web import Web, make_caller, open_web

EVENT = {"id": "evt_1", "time": "2026-11-10T00:00:00Z", "type": "order.paid", "subject": "ord_1"}
KEY = b"k" * 32


class Receiver:
    """A program of somebody's: keeps what it was sent, and answers as told."""

    def __init__(self, answers: list[int]) -> None:
        self.answers = answers
        self.got: list[tuple[dict[str, str], bytes]] = []


@contextmanager
def receiving(*answers: int) -> Iterator[tuple[str, Receiver]]:
    receiver = Receiver(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def impatient() -> threading.Event:
    """Return a stop whose waits end at once."""
    stop = threading.Event()
    stop.set()
    return stop


@pytest.fixture
def web(shop: Shop) -> Iterator[Web]:
    with open_web(shop) as opened:
        yield opened


@pytest.fixture
def api(web: Web) -> Iterator[OwnApi]:
    url = str(web.client.base_url)
    with OwnApi(settings_of(web.shop), shop=url, key=make_caller(web.shop)) as opened:
        yield opened


def hand_on(url: str, said: list[str], *, times: int = 1) -> list[bool]:
    with Line(url, KEY, stop=impatient(), say=said.append) as line:
        return [line.hand_on(EVENT) for _ in range(times)]


def test_a_webhook_is_signed_as_receivers_check_it() -> None:
    with receiving() as (url, receiver):
        said: list[str] = []
        assert hand_on(url, said) == [True]

    [(headers, body)] = receiver.got
    signed = f"evt_1.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.new(KEY, signed, sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"
    assert headers["webhook-id"] == "evt_1"
    assert json.loads(body) == EVENT
    assert "order.paid" in said[0]
    assert said[0].endswith("-> 204")


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    key = webhook.key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sent = webhook.headers(
        key, b'{"test": 2432232314}', id_="msg_p5jXN8AQM9LWM0D4loKWxJek", sent_at=1614265330
    )

    assert sent["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_that_fails_is_asked_three_times_and_one_that_refuses_once() -> None:
    with receiving(500, 500, 500, 400, 503, 204) as (url, receiver):
        assert hand_on(url, [], times=3) == [False, False, True]

    assert len(receiver.got) == 6


def test_a_redirect_is_not_followed_and_nobody_there_is_told() -> None:
    said: list[str] = []
    with receiving(302) as (url, receiver):
        assert hand_on(url, said) == [False]
    assert len(receiver.got) == 1
    assert hand_on(url, said) == [False]
    assert "not reached" in said[-1]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:3000", "ftp://a/b", "http://"])
def test_webhooks_go_to_web_addresses_only(url: str) -> None:
    with pytest.raises(BadTarget):
        check_target(url)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "nothing", "whsec_***"])
def test_a_weak_or_foreign_secret_is_refused(secret: str) -> None:
    with pytest.raises(webhook.BadSecret):
        webhook.key_of(secret)
    assert len(webhook.key_of(webhook.new_secret())) == 32


def test_listening_begins_with_news_and_hands_on_what_happens_then(web: Web, api: OwnApi) -> None:
    stop = threading.Event()
    put(web, "before")
    told: list[str] = []
    with receiving() as (url, receiver), Line(url, KEY, stop=stop, say=told.append) as line:
        ear = threading.Thread(target=lambda: listen(api, line, stop=stop, say=told.append))
        begun = api.get("/v1/events", begin="now")
        ear.start()
        put_until_heard(web, receiver)
        stop.set()
        ear.join(20)

    types = [json.loads(body)["type"] for _, body in receiver.got]
    references = {json.loads(body)["subject"] for _, body in receiver.got}
    assert begun["data"] == []
    assert set(types) == {"order.placed"}
    assert len(references) == len(types)
    assert oldest(api) not in references


def put_until_heard(web: Web, receiver: Receiver) -> None:
    numbers = iter(range(1000))

    def heard() -> bool:
        put(web, f"after-{next(numbers)}")
        return bool(receiver.got)

    poll.until(heard, within_seconds=20)


def oldest(api: OwnApi) -> str:
    subject: str = api.get("/v1/events")["data"][0]["subject"]
    return subject


def put(web: Web, reference: str) -> None:
    amount = {"amount_minor": 100, "currency": "CNY"}
    line = {"code": "TEA", "title": "Tea", "quantity": 1, "unit": amount}
    answer = web.raw(
        "/v1/events",
        json.dumps(
            {
                "specversion": "1.0",
                "type": "order.snapshot",
                "source": "my-shop",
                "id": reference,
                "time": web.shop.clock.now().isoformat(),
                "data": {
                    "reference": reference,
                    "status": "placed",
                    "customer": {"reference": "lin"},
                    "total": amount,
                    "lines": [line],
                },
            }
        ).encode(),
        Content_Type="application/cloudevents+json",
    )
    assert answer.status_code == 200, answer.text


def test_a_triggered_announcement_says_what_was_decided(api: OwnApi) -> None:
    caused = trigger(api, "announcement", person="trigger-lin", facts={"title": "Hello"})

    assert caused.verdict["notice"] == "announcement"
    assert {one["channel"] for one in caused.messages} >= {"email"}


@pytest.mark.parametrize("notice", ["order_paid", "out_for_delivery", "order_delayed"])
def test_a_triggered_notice_of_orders_goes_through_the_real_intake(
    web: Web, api: OwnApi, notice: str
) -> None:
    house = House(
        settings=settings_of(web.shop), engine=web.shop.engine, clock=web.shop.clock, channels={}
    )
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.05):
            handle_events(house, worker="test")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        caused = trigger(api, notice, person="trigger-lin", facts={"item": "Lamp"})
    finally:
        ended.set()
        worker.join()

    assert caused.verdict["order"] is not None
    assert caused.messages


def test_whatever_is_told_by_hand_has_a_sample(api: OwnApi) -> None:
    for notice in BY_HAND:
        caused = trigger(api, notice, person="trigger-lin", facts={})

        assert caused.verdict["notice"] == notice
        assert caused.verdict["because"] != "superseded"


def test_what_has_no_sample_is_refused_with_what_there_is(api: OwnApi) -> None:
    for notice, facts in (
        ("security_code", {}),
        ("order_paid", {"colour": "red"}),
        ("order_paid", {"total_minor": "many"}),
    ):
        with pytest.raises(CannotTrigger):
            trigger(api, notice, person="trigger-lin", facts=facts)


def test_a_refusal_repeats_the_problem_and_a_shop_away_is_named(web: Web, api: OwnApi) -> None:
    with pytest.raises(Refused, match="404: not_found"):
        trigger(api, "order_paid", person="nobody", facts={})
    nowhere = OwnApi(settings_of(web.shop), shop="http://127.0.0.1:1", key="ob_test_x")
    with nowhere, pytest.raises(Away, match="--shop"):
        nowhere.get("/v1/events")
