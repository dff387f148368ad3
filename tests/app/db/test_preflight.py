"""What is looked at before anything starts."""

import socket
import threading
from collections.abc import Iterator

import pytest
import redis

from app.db.engine import make_engine
from app.db.preflight import clock_warnings, look_at_broker, look_at_postgres, look_at_valkey
from app.errors import ConfigError, EngineTooOld, EngineUnreachable
from tests.shop import Shop


@pytest.fixture
def answering() -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers INFO with what a test puts in the list, once a connection."""
    answers: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, answers), daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", answers
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def _answer(server: socket.socket, answers: list[bytes]) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line:
            while asked := line.recv(4096):
                for command in asked.split(b"*")[1:]:
                    body = answers[0]
                    is_info = b"INFO" in command.upper() and b"SETINFO" not in command.upper()
                    line.sendall(b"$%d\r\n%s\r\n" % (len(body), body) if is_info else b"+OK\r\n")


def test_engines_of_our_own_pass_without_a_warning(shop: Shop):
    assert look_at_postgres(shop.engine) == []
    assert look_at_valkey(shop.valkey_url) == []
    assert look_at_broker(shop.broker_url) == []


def test_a_cluster_is_refused_as_broker_with_the_reason(
    answering: tuple[str, list[bytes]],
):
    url, answers = answering
    answers.append(b"redis_version:7.2.4\r\ncluster_enabled:1\r\n")

    with pytest.raises(ConfigError, match="a Cluster, whose nodes answer Celery with MOVED"):
        look_at_broker(f"{url}?protocol=2")


def test_a_valkey_that_is_too_old_is_refused(answering: tuple[str, list[bytes]]):
    url, answers = answering
    answers.append(b"redis_version:6.2.7\r\n")

    with pytest.raises(EngineTooOld, match=r"Redis: needs 7\.0\+, found 6\.2\.7"):
        look_at_valkey(f"{url}?protocol=2")


def test_a_broker_that_may_drop_wake_ups_is_warned_of(shop: Shop):
    with redis.Redis.from_url(shop.valkey_url) as valkey:
        valkey.config_set("maxmemory-policy", "allkeys-lru")
        try:
            warnings = look_at_broker(shop.broker_url)
        finally:
            valkey.config_set("maxmemory-policy", "noeviction")

    assert warnings == [
        "BROKER_URL: maxmemory-policy is allkeys-lru, which drops wake-ups; set noeviction"
    ]


@pytest.mark.parametrize("url", ["kafka://broker/0", "broker"])
def test_a_broker_of_another_kind_is_refused(url: str):
    with pytest.raises(ConfigError, match=r"BROKER_URL: .* is not supported"):
        look_at_broker(url)


def test_a_valkey_that_is_not_there_is_one_line_with_host_and_port():
    with pytest.raises(EngineUnreachable) as told:
        look_at_valkey("redis://127.0.0.1:1/0")

    assert str(told.value) == "cannot reach Valkey at 127.0.0.1:1 (refused)"


def test_a_password_that_valkey_refuses_is_named_by_its_setting_and_not_shown(shop: Shop):
    url = shop.valkey_url.replace("unix://", "unix://nobody:hunter2@")

    with pytest.raises(EngineUnreachable, match="password in REDIS_URL is refused") as told:
        look_at_valkey(url)

    assert "hunter2" not in str(told.value)


def test_a_postgresql_that_is_not_there_is_one_line_with_host_and_port():
    with pytest.raises(EngineUnreachable) as told:
        look_at_postgres(make_engine("postgresql://127.0.0.1:1/shop"))

    assert str(told.value) == "cannot reach PostgreSQL at 127.0.0.1:1 (refused)"


def test_clocks_minutes_apart_are_warned_of_and_hours_apart_refused():
    assert clock_warnings(2.0) == []
    assert "10 min apart" in clock_warnings(-600)[0]
    with pytest.raises(ConfigError, match="by NTP"):
        clock_warnings(3700)
