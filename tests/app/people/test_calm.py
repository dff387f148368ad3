"""Hours of one's own in which nothing rings, and a pause of all bells: by page and by API."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from app.db.transaction import begin
from app.people import api
from app.people.calm import Calm
from app.people.calm_store import calm_of, keep_quiet, pause
from app.people.hours import EVERY_DAY, Window
from app.people.links import Purpose, links_of
from app.people.store import recipients
from app.people.tables import calm
from orders_core.tx import Tx
from tests.app.hub.stage import enter
from tests.app.people.test_pages import SAME, token_of
from tests.cast import ANA, BEN
from tests.doors import Doors, open_doors
from tests.pages_app import pages_app, settings_of
from tests.scene import Scene, set_scene
from tests.shop import MORNING, Shop
from tests.together import together

LATE = Window(time(23), time(10), frozenset({4, 5}))
C1 = "/v1/people/c-1"


def test_what_a_person_chose_is_what_decisions_know(tx: Tx) -> None:
    enter(tx, ANA, BEN)
    until = MORNING + timedelta(days=1)

    keep_quiet(tx, ANA.person_id, LATE, source="test", now=MORNING)
    pause(tx, ANA.person_id, until, source="test", now=MORNING)

    known = recipients(tx, [ANA.person_id, BEN.person_id])
    assert (known[ANA.person_id].quiet, known[ANA.person_id].paused_until) == (LATE, until)
    assert (known[BEN.person_id].quiet, known[BEN.person_id].paused_until) == (None, None)


def test_the_shops_hours_hold_again_and_the_pause_stays(tx: Tx) -> None:
    enter(tx, ANA)
    until = MORNING + timedelta(days=1)
    keep_quiet(tx, ANA.person_id, LATE, source="test", now=MORNING)
    pause(tx, ANA.person_id, until, source="test", now=MORNING)

    keep_quiet(tx, ANA.person_id, None, source="test", now=MORNING)

    assert calm_of(tx, ANA.person_id) == Calm(quiet=None, paused_until=until)


def test_two_choices_at_once_both_stand(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        enter(tx, ANA)
    until = MORNING + timedelta(days=1)

    def hours() -> None:
        with begin(shop.engine) as tx:
            keep_quiet(tx, ANA.person_id, LATE, source="test", now=MORNING)

    def rest() -> None:
        with begin(shop.engine) as tx:
            pause(tx, ANA.person_id, until, source="test", now=MORNING)

    together(hours, rest)

    with begin(shop.engine) as tx:
        assert calm_of(tx, ANA.person_id) == Calm(quiet=LATE, paused_until=until)


@pytest.mark.parametrize(
    "broken", [{"quiet_from": time(22)}, {"quiet_days": 128}], ids=["half", "an eighth day"]
)
def test_hours_are_whole_or_none(tx: Tx, broken: dict[str, object]) -> None:
    enter(tx, ANA)
    hours = {"quiet_from": time(1), "quiet_until": time(2), "quiet_days": 1}
    values = broken if "quiet_from" in broken else hours | broken

    with pytest.raises(IntegrityError):
        tx.execute(calm.insert().values(person_id=ANA.person_id, source="x", at=MORNING, **values))


def test_the_api_reads_back_what_it_wrote(doors: Doors) -> None:
    doors.call("PUT", C1, {"name": "小雨", "email": "yu@mail.example"})
    hours = {"from": "21:30", "until": "09:00", "days": [5, 6, 7]}

    said = doors.call("PUT", f"{C1}/preferences", {"quiet": hours}).json()

    assert said["quiet"] == hours
    assert said["paused_until"] is None
    assert doors.call("PUT", f"{C1}/preferences", said).json() == said
    assert doors.call("PUT", f"{C1}/preferences", {"quiet": None}).json()["quiet"] is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"quiet": {"from": "21:30Z", "until": "09:00"}}, "wall_time_needed"),
        ({"quiet": {"from": "21:30", "until": "09:00", "days": []}}, "too_few"),
        ({"quiet": {"from": "21:30"}}, "missing_field"),
        ({"paused_until": "2099-01-01T00:00:00Z"}, "pause_too_long"),
        ({"paused_until": "tomorrow"}, "bad_datetime"),
    ],
    ids=["a zone", "no day", "no end", "for ever", "no moment"],
)
def test_hours_and_pauses_that_are_none_are_refused(
    doors: Doors, said: dict[str, object], code: str
) -> None:
    doors.call("PUT", C1, {"name": "小雨", "email": "yu@mail.example"})

    assert doors.refusal("PUT", f"{C1}/preferences", said)[1] == code


@pytest.fixture
def doors(shop: Shop) -> Iterator[Doors]:
    """The doors of people."""
    with open_doors(shop, api.router) as opened:
        yield opened


@pytest.fixture
def scene(shop: Shop) -> Scene:
    """A furnished shop."""
    with begin(shop.engine) as tx:
        return set_scene(tx, shop.clock.now())


@pytest.fixture
def client(shop: Shop) -> Iterator[TestClient]:
    """A browser without any cookie."""
    app = pages_app(shop.engine, shop.clock, settings_of(shop))
    with TestClient(app, headers=SAME, follow_redirects=False) as opened:
        yield opened


def test_a_person_keeps_their_own_hours_and_takes_the_shops_again(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links_of(settings_of(shop)).token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)

    said = {"csrf": csrf, "quiet_from": "23:00", "quiet_until": "10:00", "day": ["4", "5"]}
    assert client.post(f"{path}/quiet", data=said).status_code == 303

    with begin(shop.engine) as tx:
        assert calm_of(tx, scene.lin).quiet == LATE
    page = client.get(path).text
    assert 'name="quiet_from" value="23:00"' in page
    client.post(f"{path}/quiet", data={"csrf": csrf, "own": "false"})
    with begin(shop.engine) as tx:
        assert calm_of(tx, scene.lin).quiet is None


def test_hours_without_a_day_start_every_day(client: TestClient, scene: Scene, shop: Shop) -> None:
    path = f"/p/{links_of(settings_of(shop)).token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)

    client.post(f"{path}/quiet", data={"csrf": csrf, "quiet_from": "01:00", "quiet_until": "02:00"})

    with begin(shop.engine) as tx:
        assert calm_of(tx, scene.lin).quiet == Window(time(1), time(2), EVERY_DAY)


def test_a_person_pauses_everything_and_ends_it(
    client: TestClient, scene: Scene, shop: Shop
) -> None:
    path = f"/p/{links_of(settings_of(shop)).token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)

    client.post(f"{path}/calm", data={"csrf": csrf, "days": "7"})

    with begin(shop.engine) as tx:
        assert calm_of(tx, scene.lin).paused_until == shop.clock.now() + timedelta(days=7)
    assert 'name="days" value="0"' in client.get(path).text
    client.post(f"{path}/calm", data={"csrf": csrf, "days": "0"})
    with begin(shop.engine) as tx:
        assert calm_of(tx, scene.lin).paused_until is None


@pytest.mark.parametrize("days", ["2", "-1", "soon"])
def test_a_pause_that_the_page_does_not_offer_changes_nothing(
    client: TestClient, scene: Scene, shop: Shop, days: str
) -> None:
    path = f"/p/{links_of(settings_of(shop)).token(Purpose.PREFERENCES, scene.lin)}"
    csrf = token_of(client.get(path).text)
    client.post(f"{path}/calm", data={"csrf": csrf, "days": "7"})

    assert client.post(f"{path}/calm", data={"csrf": csrf, "days": days}).status_code == 422

    with begin(shop.engine) as tx:
        assert calm_of(tx, scene.lin).paused_until == shop.clock.now() + timedelta(days=7)
