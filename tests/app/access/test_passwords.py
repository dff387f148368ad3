"""Passwords cost memory to guess, and checking them cannot exhaust the house."""

import threading

import pytest

from app.access.passwords import Gate, TooManyLogins, hash_password, is_right


def test_a_password_fits_its_own_hash_only() -> None:
    stored = hash_password("correct horse battery")

    assert "m=19456,t=2,p=1" in stored
    assert is_right(stored, "correct horse battery")
    assert not is_right(stored, "correct horse batterY")
    assert not is_right(None, "nobody has this password")
    assert not is_right("no hash at all", "x")


def test_short_and_endless_passwords_are_refused() -> None:
    for password in ("short", "x" * 1001):
        with pytest.raises(ValueError, match="10 to 1000"):
            hash_password(password)
    assert not is_right(None, "x" * 10_000_000)


def test_the_gate_lets_some_in_keeps_a_line_and_turns_the_rest_away() -> None:
    gate = Gate(at_once=1, in_line=1)
    inside, leave = threading.Event(), threading.Event()
    waited: list[str] = []

    def visit(name: str) -> None:
        with gate.passed():
            waited.append(name)
            inside.set()
            leave.wait(5)

    first = threading.Thread(target=visit, args=["first"])
    second = threading.Thread(target=visit, args=["second"])
    first.start()
    inside.wait(5)
    second.start()
    while gate._places._value > 0:
        pass
    with pytest.raises(TooManyLogins), gate.passed():
        pass

    leave.set()
    first.join(5)
    second.join(5)
    assert waited == ["first", "second"]
    with gate.passed():
        pass
