"""Every route names who may call it, and every lane has a worker."""

from app.access.guard import doors
from app.entry.web import NOT_IN_PRODUCTION, ROUTERS
from app.jobs.lanes import WORKERS, Lane


def test_every_route_names_its_caller():
    routes = [route for router in (*ROUTERS, *NOT_IN_PRODUCTION) for route in router.routes]
    unguarded = [name for name, guards in doors(routes).items() if not guards]

    assert len(routes) > len(ROUTERS)
    assert unguarded == []


def test_every_lane_has_one_worker():
    served = [lane for lanes in WORKERS.values() for lane in lanes]

    assert sorted(served) == sorted(Lane)
