"""Guessing gets slow; nobody is locked out for good."""

from app.access.lockout import Lockout, counted

HERE, THERE = counted("ana@shop.example", "10.0.0.1"), counted("ana@shop.example", "10.9.9.9")


def failed(lockout: Lockout, times: int, at: float = 0.0) -> None:
    for _ in range(times):
        lockout.missed(HERE, at=at)


def test_a_few_slips_cost_nothing() -> None:
    lockout = Lockout()
    failed(lockout, 4)

    assert lockout.wait_seconds(HERE, at=0.0) == 0


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_hour() -> None:
    lockout = Lockout()
    failed(lockout, 5)
    assert lockout.wait_seconds(HERE, at=0.0) == 2

    failed(lockout, 1)
    assert lockout.wait_seconds(HERE, at=0.0) == 4
    assert lockout.wait_seconds(HERE, at=3.0) == 1

    failed(lockout, 1000)
    assert lockout.wait_seconds(HERE, at=0.0) == 900


def test_a_stranger_elsewhere_delays_the_owner_by_half_a_minute_at_most() -> None:
    lockout = Lockout()
    failed(lockout, 1000)

    assert lockout.wait_seconds(THERE, at=0.0) <= 30


def test_one_address_guessing_many_accounts_is_slowed_as_well() -> None:
    lockout = Lockout()
    for number in range(25):
        lockout.missed(counted(f"{number}@shop.example", "10.0.0.1"), at=0.0)

    assert lockout.wait_seconds(counted("new@shop.example", "10.0.0.1"), at=0.0) > 0
    assert lockout.wait_seconds(counted("new@shop.example", "10.0.0.2"), at=0.0) == 0


def test_getting_in_and_an_hour_both_forget() -> None:
    lockout = Lockout()
    failed(lockout, 6)
    lockout.succeeded(HERE)
    assert lockout.wait_seconds(HERE, at=0.0) == 0

    failed(lockout, 6)
    lockout.missed(HERE, at=4000.0)
    assert lockout.wait_seconds(HERE, at=4000.0) == 0


def test_the_memory_of_failures_is_bounded() -> None:
    lockout = Lockout()
    for number in range(25_000):
        lockout.missed(counted(f"{number}@x", f"{number}")[:1], at=0.0)

    assert len(lockout._misses) <= 20_000
