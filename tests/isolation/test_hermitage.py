"""What this PostgreSQL lets happen at each level, anomaly by anomaly."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from app.db.engine import make_engine
from app.db.engines import Urls
from app.labs.anomalies import ANOMALIES, Anomaly, Level
from app.labs.lab import Place
from app.labs.play import play
from tests.shop import create_database, drop_database, url_of


@pytest.fixture(scope="module")
def place(engines: Urls) -> Iterator[Place]:
    name = f"lab_{uuid4().hex[:12]}"
    create_database(engines.database, name)
    engine = make_engine(url_of(engines.database, name), pool_size=1)
    yield Place(engine=engine, valkey_url="")
    engine.dispose()
    drop_database(engines.database, name)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("anomaly", ANOMALIES, ids=lambda anomaly: anomaly.name)
def test_an_anomaly_happens_at_a_level_or_is_prevented_as_the_table_says(
    place: Place, anomaly: Anomaly, level: Level
) -> None:
    played = play(place, anomaly, level)

    assert played.came == anomaly.expected[level], played.lines


@pytest.mark.parametrize("anomaly", ANOMALIES, ids=lambda anomaly: anomaly.name)
def test_at_read_committed_exactly_the_steps_wait_that_write_what_another_wrote(
    place: Place, anomaly: Anomaly
) -> None:
    assert play(place, anomaly, Level.READ_COMMITTED).waited == anomaly.waits


def test_the_table_names_every_anomaly_once() -> None:
    names = [anomaly.name for anomaly in ANOMALIES]

    assert len(set(names)) == len(names)
    assert {"G0", "G1a", "G1b", "G1c", "OTV", "PMP", "P4", "G-single", "G2-item", "G2"} <= set(
        names
    )
