"""The demo as the process it is: it opens the shop, and is gone when told."""

import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.db.transaction import begin
from tests.buying import rows
from tests.poll import until
from tests.web import Web, make_caller

ROOT = Path(__file__).parents[3]


def started(url: str, key: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "app.demo", "--url", url, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ORDERBELL_API_KEY": key},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_it_is_gone_half_a_second_after_it_is_told_to(web: Web) -> None:
    demo = started(str(web.client.base_url), make_caller(web.shop), "--people", "2000")

    def people() -> bool:
        with begin(web.shop.engine) as tx:
            return rows(tx, "person") > 500

    until(people, within_seconds=40, what="the past is being told")
    told_at = time.monotonic()
    demo.send_signal(signal.SIGTERM)
    code = demo.wait(10)

    assert code == 0
    assert time.monotonic() - told_at < 2  # half a second where nobody else uses the machine


def test_a_key_that_opens_nothing_is_an_error(web: Web) -> None:
    demo = started(str(web.client.base_url), "ob_test_wrong")

    assert demo.wait(30) == 1


def test_the_demo_knows_the_shop_by_its_public_api_alone() -> None:
    imported = {
        name
        for path in (ROOT / "app" / "demo").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }

    # What it plays is drawn by a library, which knows no shop.
    ours = {name for name in imported if name.startswith(("app.", "orders_core", "channels"))}
    assert {name for name in ours if not name.startswith("app.demo")} == set()


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [name.name for name in node.names] if isinstance(node, ast.Import) else []
