"""What the launcher's second half reads from the user's settings of pip and hands to uv."""

import os
import sys
from pathlib import Path

import pytest

from app.entry.environment import PIP_KEYS, Meter, _fetch, pip_settings, uv_environment


@pytest.fixture
def user(tmp_path: Path) -> dict[str, str]:
    """A user's environment with nothing set."""
    return {"HOME": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}


def test_the_environment_goes_before_the_file(user: dict[str, str], tmp_path: Path):
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://mirror.example/simple\ncert = /ca.pem\n"
        "[install]\nfind-links = /wheels\n    /more\n"
    )

    found = pip_settings({**user, "PIP_CERT": "/other.pem"})

    assert found["index-url"] == "https://mirror.example/simple"
    assert found["find-links"].split() == ["/wheels", "/more"]
    assert found["cert"] == "/other.pem"


def test_a_broken_file_is_passed_over(user: dict[str, str], tmp_path: Path):
    (tmp_path / "pip.conf").write_text("index-url without a section")

    assert "index-url" not in pip_settings(user)


def test_uv_gets_them_under_its_own_names(monkeypatch: pytest.MonkeyPatch, user: dict[str, str]):
    given = {
        **user,
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_EXTRA_INDEX_URL": "https://a.example  https://b.example",
        "PIP_FIND_LINKS": "/wheels /more",
        "PIP_NO_INDEX": "true",
        "PIP_CERT": "/ca.pem",
        "PIP_TRUSTED_HOST": "mirror.example",
        "PIP_PROXY": "http://proxy.example:3128",
    }
    _environment(monkeypatch, given)

    found = uv_environment()

    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert found["UV_INDEX"] == "https://a.example https://b.example"
    assert found["UV_FIND_LINKS"] == "/wheels,/more"
    assert found["UV_NO_INDEX"] == "1"
    assert found["SSL_CERT_FILE"] == "/ca.pem"
    assert found["UV_INSECURE_HOST"] == "mirror.example"
    assert found["ALL_PROXY"] == "http://proxy.example:3128"


def test_what_the_user_told_uv_comes_first(monkeypatch: pytest.MonkeyPatch, user: dict[str, str]):
    given = {"PIP_INDEX_URL": "https://pip.example", "UV_DEFAULT_INDEX": "https://uv.example"}
    _environment(monkeypatch, {**user, **given})

    assert uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example"


def _environment(monkeypatch: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name in ("SSL_CERT_FILE", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for key in PIP_KEYS:
        monkeypatch.delenv(f"PIP_{key.upper().replace('-', '_')}", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)


UV_SAYS = """\
Using Python 3.11.7 environment at: .venv
Resolved 3 packages in 27ms
Downloading bigtwo (4.8MiB)
Downloading bigone (11.4MiB)
 Downloaded bigtwo
"""
PIP_SAYS = """\
Looking in links: /links
Collecting bigone==1.0 (from -r requirements.txt (line 1))
  Downloading https://mirror.example/bigone-1.0-py3-none-any.whl (12.0 MB)
Collecting bigtwo==1.0 (from -r requirements.txt (line 2))
  Downloading bigtwo-1.0-py3-none-any.whl (500 kB)
"""


def heard(words: str) -> Meter:
    meter = Meter()
    for line in words.splitlines():
        meter.hear(line)
    return meter


def test_the_download_is_told_in_megabytes_of_those_announced():
    assert heard(UV_SAYS).says() == "downloaded 5.0 of 17.0 MB"
    assert heard(f"{UV_SAYS} Downloaded bigone\n").says() == "downloaded 17.0 of 17.0 MB"


def test_pip_fetches_one_after_the_other():
    assert heard(PIP_SAYS).says() == "downloaded 12.0 of 12.5 MB"
    assert heard(f"{PIP_SAYS}Installing collected packages: bigone\n").megabytes == (12.5, 12.5)


def test_where_nothing_is_downloaded_nothing_is_told():
    assert heard("Resolved 3 packages in 2ms\nUsing cached bell-1.0.whl (2 kB)\n").says() == ""


def test_an_installer_that_fails_says_why(capfd: pytest.CaptureFixture[str]):
    script = "print('Downloading a (3.0MiB)'); print('no such hash'); raise SystemExit(2)"

    assert not _fetch([sys.executable, "-c", script], os.environ)

    said = capfd.readouterr().err
    assert "orderbell: downloaded 0.0 of 3.1 MB" in said
    assert "orderbell: no such hash" in said
