"""A running web process over a furnished shop, and a real browser to look at it."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import delete

from app.db.engines import Urls
from app.db.transaction import begin
from app.inbox import store as inbox
from app.inbox.item import Item
from app.inbox.tables import inbox_item
from app.people.links import Links, links_of
from orders_core.ids import PersonId, new_id
from tests.pages_app import pages_app, settings_of
from tests.poll import until
from tests.scene import Scene, set_scene
from tests.shop import Shop, create_database, drop_database, url_of

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Site:
    """Where the pages are served and what is on them; at `front` a shop has pages of its own."""

    url: str
    front: str
    scene: Scene
    links: Links
    shop: Shop


@pytest.fixture(scope="session")
def site(engines: Urls, template: str) -> Iterator[Site]:
    """Serve a furnished shop on a free port of this machine."""
    name = f"browser_{uuid4().hex[:12]}"  # each worker looks at its own
    create_database(engines.database, name, template=template)
    shop = Shop.open(url_of(engines.database, name), engines=engines, valkey_database=0)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    front = f"http://127.0.0.1:{_free_port()}"
    settings = settings_of(shop, public_url=url, mode="demo", port=port, embed_origins=front)
    with begin(shop.engine) as tx:
        scene = set_scene(tx, shop.clock.now())
    config = uvicorn.Config(
        pages_app(shop.engine, shop.clock, settings),
        port=port,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, within_seconds=30, what="the site is not served")
    yield Site(url, front, scene, links_of(settings), shop)
    server.should_exit = True
    thread.join(timeout=10)
    shop.close()
    drop_database(engines.database, name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open Debian's own chromium; the suite downloads none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def letter(site: Site) -> Iterator[Callable[[PersonId, str], None]]:
    """Write into somebody's inbox what no message stands behind; it is gone after the test."""
    written: list[UUID] = []

    def write(whose: PersonId, title: str) -> None:
        line = Item(
            id=new_id(),
            person_id=whose,
            order_id=None,
            notice="case_answered",
            title=title,
            body="请查收",
            arrived_at=site.shop.clock.now(),
        )
        with begin(site.shop.engine) as tx:
            inbox.write(tx, line)
        written.append(line.id)

    yield write
    with begin(site.shop.engine) as tx:
        tx.execute(delete(inbox_item).where(inbox_item.c.id.in_(written)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
