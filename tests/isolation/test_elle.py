"""The checker finds each anomaly in a history made by hand, and nothing in one that is sound."""

import pytest

from tests.dice import dice
from tests.isolation.cycles import components, way
from tests.isolation.elle import Anomaly, anomalies, check
from tests.isolation.history import Append, Fate, Read, Txn


def txn(number: int, *does: Append | Read, fate: Fate = Fate.COMMITTED) -> Txn:
    return Txn(id=number, does=does, fate=fate)


def put(key: str, value: int) -> Append:
    return Append(key, value)


def saw(key: str, *values: int) -> Read:
    return Read(key, values)


HISTORIES: dict[Anomaly, list[Txn]] = {
    Anomaly.G0: [
        txn(1, put("x", 1), put("y", 1)),
        txn(2, put("x", 2), put("y", 2)),
        txn(3, saw("x", 1, 2), saw("y", 2, 1)),
    ],
    Anomaly.G1A: [
        txn(1, put("x", 1), fate=Fate.ABORTED),
        txn(2, saw("x", 1)),
    ],
    Anomaly.G1B: [
        txn(1, put("x", 1), put("x", 2)),
        txn(2, saw("x", 1)),
        txn(3, saw("x", 1, 2)),
    ],
    Anomaly.G1C: [
        txn(1, put("x", 1), saw("y", 1)),
        txn(2, put("y", 1), saw("x", 1)),
    ],
    Anomaly.G_SINGLE: [
        txn(1, saw("x"), saw("y", 1)),
        txn(2, put("x", 1), put("y", 1)),
        txn(3, saw("x", 1)),
    ],
    Anomaly.G2: [
        txn(1, saw("x"), put("y", 1)),
        txn(2, saw("y"), put("x", 1)),
        txn(3, saw("x", 1), saw("y", 1)),
    ],
    Anomaly.LOST_UPDATE: [
        txn(1, saw("x"), put("x", 1)),
        txn(2, saw("x"), put("x", 2)),
        txn(3, saw("x", 1, 2)),
    ],
    Anomaly.DUPLICATE: [txn(1, put("x", 1)), txn(2, saw("x", 1, 1))],
    Anomaly.DISORDER: [
        txn(1, put("x", 1)),
        txn(2, put("x", 2)),
        txn(3, saw("x", 1, 2)),
        txn(4, saw("x", 2)),
    ],
    Anomaly.INTERNAL: [txn(1, put("x", 1), saw("x"))],
    Anomaly.STRANGER: [txn(1, saw("x", 7))],
}


@pytest.mark.parametrize(("anomaly", "history"), HISTORIES.items(), ids=lambda one: str(one)[:12])
def test_each_anomaly_is_found_and_named(anomaly: Anomaly, history: list[Txn]) -> None:
    assert anomaly in anomalies(check(history))


@pytest.mark.parametrize(
    "anomaly", [Anomaly.G0, Anomaly.G1A, Anomaly.G1B, Anomaly.G1C, Anomaly.G_SINGLE, Anomaly.G2]
)
def test_an_anomaly_is_not_called_by_the_name_of_another(anomaly: Anomaly) -> None:
    found = anomalies(check(HISTORIES[anomaly]))

    # Who saw the middle of a transaction also missed its end.
    assert found - {anomaly} == ({Anomaly.G_SINGLE} if anomaly is Anomaly.G1B else set())


def test_no_anomaly_is_left_without_a_history() -> None:
    assert set(HISTORIES) == set(Anomaly)


def test_a_lost_update_that_was_never_read_again_is_found_all_the_same() -> None:
    history = [
        txn(1, saw("x", 1), put("x", 2)),
        txn(2, saw("x", 1), put("x", 3)),
        txn(3, put("x", 1)),
    ]

    assert Anomaly.LOST_UPDATE in anomalies(check(history))


def test_transactions_one_after_the_other_are_sound() -> None:
    chance = dice(7)
    lists: dict[str, tuple[int, ...]] = dict.fromkeys("xyz", ())
    history = []
    for number in range(2_000):
        does: list[Append | Read] = []
        for turn in range(chance.randint(1, 4)):
            key = chance.choice("xyz")
            if chance.random() < 0.5:
                lists[key] += (value := number * 10 + turn,)
                does.append(Append(key, value))
            else:
                does.append(Read(key, lists[key]))
        history.append(Txn(id=number, does=tuple(does), began=2 * number, ended=2 * number + 1))

    assert check(history, in_real_time=True) == []


def test_who_misses_what_had_ended_before_it_began_is_found_in_real_time_only() -> None:
    history = [
        Txn(id=1, does=(put("x", 1),), began=1, ended=2),
        Txn(id=2, does=(saw("x"),), began=3, ended=4),
        Txn(id=3, does=(saw("x", 1),), began=5, ended=6),
    ]

    assert check(history) == []
    assert anomalies(check(history, in_real_time=True)) == {Anomaly.G_SINGLE}


def test_an_append_that_nobody_ever_saw_is_a_missed_one() -> None:
    history = [
        Txn(id=1, does=(put("x", 1),), began=1, ended=2),
        Txn(id=2, does=(put("x", 2),), began=3, ended=4),
        Txn(id=3, does=(saw("x", 1),), began=5, ended=6),
    ]

    assert anomalies(check(history, in_real_time=True)) == {Anomaly.G_SINGLE}


def test_of_whom_nobody_knows_the_end_counts_what_was_seen() -> None:
    lost = txn(1, put("x", 1), fate=Fate.UNKNOWN)

    assert check([lost, txn(2, saw("x"))]) == []
    assert check([lost, txn(2, saw("x", 1))]) == []


def test_a_finding_tells_the_way_around() -> None:
    [found] = [f for f in check(HISTORIES[Anomaly.G2]) if f.anomaly is Anomaly.G2][:1]

    assert found.how == "T1 -rw[x]-> T2 -> T1"


def test_components_are_those_that_reach_each_other() -> None:
    graph = {1: frozenset({2}), 2: frozenset({3}), 3: frozenset({1, 4}), 4: frozenset({5})}

    assert components(graph) == [frozenset({1, 2, 3})]
    assert way(graph, 1, 5) == [1, 2, 3, 4, 5]
    assert way(graph, 5, 1) == ()


def test_a_chain_longer_than_pythons_stack_is_walked() -> None:
    ring = {number: frozenset({(number + 1) % 20_000}) for number in range(20_000)}

    assert [len(one) for one in components(ring)] == [20_000]
