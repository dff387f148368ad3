"""How old the oldest untold news was: read back from what was written, nothing sampled."""

from app.tower.age import Span, ages


def span(started: float, ended: float | None) -> Span:
    return Span(is_bulk=False, started=started, ended=ended)


def test_without_news_nothing_is_old():
    assert ages([], until=100.0, seconds=3) == [0.0, 0.0, 0.0]


def test_news_grows_old_second_by_second_until_it_is_told():
    assert ages([span(96.0, 99.0)], until=100.0, seconds=6) == [0.0, 0.0, 1.0, 2.0, 0.0, 0.0]


def test_news_that_still_waits_is_as_old_as_it_is():
    assert ages([span(90.0, None)], until=100.0, seconds=1) == [10.0]


def test_the_oldest_counts():
    waiting = [span(95.0, None), span(92.0, 99.5)]

    assert ages(waiting, until=100.0, seconds=2) == [7.0, 5.0]
