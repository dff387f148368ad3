"""Many visitors at once wait their turn; nobody is turned away while the process could go on."""

from concurrent.futures import ThreadPoolExecutor

from app.db.transaction import begin
from app.people.links import Purpose, links_of
from tests.pages_app import settings_of
from tests.scene import set_scene
from tests.shop import Shop
from tests.web import open_web

VISITORS = 60


def test_more_visitors_than_connections_are_all_served(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        lin = set_scene(tx, shop.clock.now()).lin
    path = f"/i/{links_of(settings_of(shop)).token(Purpose.INBOX, lin)}"
    with open_web(shop) as web, ThreadPoolExecutor(VISITORS) as visitors:
        found = list(visitors.map(lambda _: web.get(path).status_code, range(3 * VISITORS)))

    assert set(found) == {200}
