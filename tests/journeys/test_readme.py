"""The README's script, run as it stands beside a shop that was just started."""

import json
import os
import re
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engines.ground import forget
from tests.architecture.test_readme import READMES, script
from tests.poll import until
from tests.served import Served, free_port

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def served() -> Iterator[Served]:
    """A shop whose home stands where the README expects it."""
    with tempfile.TemporaryDirectory(prefix="ob-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / ".orderbell"
        shop = Served(home, "demo", "--no-browser", "--no-simulate", port=free_port())
        shop.hears("ready after", within_seconds=120)
        yield shop
        shop.end()
        forget(home)


@pytest.mark.parametrize("readme", READMES, ids=str)
def test_a_foreign_order_comes_in_and_its_news_gets_out(readme: Path, served: Served):
    shown = re.sub(r"^\./orderbell.*\n", "", script(readme), flags=re.MULTILINE)
    honest = shown.replace("http://127.0.0.1:8400", served.url).replace(
        "curl -sS", "curl -sS --fail-with-body"
    )

    done = subprocess.run(
        ["sh", "-eu", "-c", f'{honest}\necho; echo "ORDER=$ORDER"'],
        cwd=served.home.parent,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    found = re.search(r"^ORDER=(ord_[0-9a-z]{26})$", done.stdout, flags=re.MULTILINE)
    assert found, done.stdout
    until(lambda: messages(served, found[1]), within_seconds=15, what="the news of the order")


def messages(served: Served, order: str) -> list[object]:
    key = json.loads((served.home / "credentials.json").read_text())["api_key"]
    asked = urllib.request.Request(  # noqa: S310 - our own address
        f"{served.url}/v1/messages?order={order}", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return list(json.load(answer)["data"])
