"""A page of the shop's own, on another origin and under a strict CSP, with an inbox in it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page

from app.inbox.embed_script import script
from orders_core.ids import PersonId
from tests.browser.conftest import Site
from tests.browser.window import LOUD, Look

HOUR_SECONDS = 3600
HTML = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<script type="module" src="{site}{script}"></script></head>
<body><main><h1>Shop</h1>
<orderbell-inbox align="start" base="{site}" token="{token}"></orderbell-inbox>
</main></body></html>"""
CSP = (
    "default-src 'none'; script-src {site}; connect-src {site}; img-src 'self';"
    " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)


@contextmanager
def served(site: Site) -> Iterator[None]:
    """Serve the page; `?lang=` and `?token=` stand in its markup."""

    class Front(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            given = {name: escape(asked.get(name, [""])[0]) for name in ("lang", "token")}
            html = HTML.format(site=site.url, script=script().address, **given)
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", CSP.format(site=site.url))
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(site.front).port or 0), Front)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def token_of(site: Site, whose: PersonId, *, seconds: int = HOUR_SECONDS) -> str:
    """Return what the shop's server would be given."""
    return site.links.embedded(whose, until=int(time.time()) + seconds)


@contextmanager
def front(browser: Browser, site: Site, look: Look, *, token: str) -> Iterator[Page]:
    """Open the shop's page; a console error, a refused style or script fails the test."""
    lang, scheme, width = look
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
    )
    faults: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type in LOUD else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    with served(site):
        page.goto(f"{site.front}/?lang={'zh-CN' if lang == 'zh' else lang}&token={token}")
        try:
            yield page
        finally:
            context.close()
    assert [fault for fault in faults if "401" not in fault and "ERR_FAILED" not in fault] == []


def bell(page: Page) -> Locator:
    """Return the button that opens the inbox."""
    return page.locator("orderbell-inbox").get_by_role("button").first
