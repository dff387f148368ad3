"""The shop's clock over HTTP, in demo and test mode."""

from app.entry import clock_api
from tests.doors import open_doors
from tests.shop import MORNING, Shop


def test_the_clock_says_what_it_shows_and_how_fast_it_runs(shop: Shop) -> None:
    with open_doors(shop, clock_api.router) as doors:
        doors.call("POST", "/v1/test/clock/rate", {"rate": 60})

        shown = doors.get("/v1/test/clock")

    assert shown["now"][:16] == MORNING.isoformat()[:16]
    assert shown["rate"] == 60
