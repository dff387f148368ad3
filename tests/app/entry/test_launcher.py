"""The launcher: makes its environment once, again only when something changed, and says why not."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = "import bell, sys; print('rang', bell.VERSION, *sys.argv[1:])\n"


def wheel(links: Path, version: str) -> str:
    """Put a tiny package into a folder of links; return its line for a requirements file."""
    links.mkdir(exist_ok=True)
    path = links / f"bell-{version}-py3-none-any.whl"
    info = f"bell-{version}.dist-info"
    files = {
        "bell.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: bell\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(name, text)
    return f"bell=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return f"sha256={urlsafe_b64encode(raw).rstrip(b'=').decode()}"


def copied(folder: Path) -> Path:
    """Copy the launcher, with one small package to install and one command to run."""
    copy = folder / "a clone"
    (copy / "app" / "entry" / "cli").mkdir(parents=True)
    for name in ("orderbell", "requirements-uv.txt", "app/entry/environment.py"):
        shutil.copy(ROOT / name, copy / name)
    for package in ("app", "app/entry", "app/entry/cli"):
        (copy / package / "__init__.py").touch()
    (copy / "app" / "entry" / "cli" / "__main__.py").write_text(COMMAND)
    (copy / "requirements.txt").write_text(wheel(folder / "links", "1.0"))
    return copy


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone that was never started."""
    return copied(tmp_path)


@pytest.fixture(scope="module")
def started_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose clone was started once; not to be touched, only copied."""
    folder = tmp_path_factory.mktemp("started")
    run(copied(folder))
    return folder


@pytest.fixture
def installed(started_once: Path, tmp_path: Path) -> Path:
    """A clone of a test's own that was started before."""
    shutil.copytree(started_once, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "a clone"


def start(clone: Path, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    links = clone.parent / "links"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(links), "PIP_CONFIG_FILE": os.devnull}
    return subprocess.Popen(
        [str(clone / "orderbell"), *arguments],
        cwd=clone.parent,
        env={**kept, **offline, "ORDERBELL_PYTHON": sys.executable, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(clone: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
    with start(clone, *arguments, **environ) as started:
        said, complained = started.communicate()
    return started.returncode, said, complained


def test_the_first_start_installs_and_the_second_only_runs(clone: Path):
    code, said, progress = run(clone, "books", "--json")
    began = time.monotonic()
    again = run(clone, "books")
    took = time.monotonic() - began

    assert (code, said) == (0, "rang 1.0 books --json\n"), progress
    assert "installing 1 packages" in progress
    assert again == (0, "rang 1.0 books\n", "")
    assert took < 1


def test_a_changed_requirement_is_installed_at_the_next_start(installed: Path):
    (installed / "requirements.txt").write_text(wheel(installed.parent / "links", "2.0"))

    assert run(installed)[1] == "rang 2.0\n"


def test_two_first_starts_at_once_share_the_work(clone: Path):
    with start(clone) as one, start(clone) as other:
        results = [started.communicate() for started in (one, other)]

    assert [said for said, _ in results] == ["rang 1.0\n"] * 2
    assert sum("installing" in progress for _, progress in results) == 1


def test_a_file_that_is_not_what_was_pinned_is_not_installed(clone: Path):
    good = (clone / "requirements.txt").read_text()
    (clone / "requirements.txt").write_text(good[:-9] + "00000000\n")

    code, said, complained = run(clone)

    assert (code, said) == (69, "")
    assert "could not be installed" in complained


def test_an_environment_whose_python_is_gone_is_made_again(installed: Path):
    (installed / ".venv" / "bin" / "python").unlink()
    (installed / ".venv" / "bin" / "python").symlink_to("/nowhere/python")

    assert run(installed)[1] == "rang 1.0\n"


def test_without_python_3_11_it_says_so_and_ends_with_69(clone: Path, tmp_path: Path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    code, _, complained = run(clone, ORDERBELL_PYTHON=str(old))

    assert code == 69
    assert "needs Python 3.11 or newer" in complained


def test_it_runs_through_a_link_and_beside_a_folder_named_app(installed: Path):
    (installed.parent / "app").mkdir()
    (installed.parent / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')")
    (installed.parent / "ob").symlink_to("a clone/orderbell")

    assert run(installed)[1] == "rang 1.0\n"
    done = subprocess.run(
        [installed.parent / "ob"], cwd=installed.parent, capture_output=True, text=True, check=False
    )
    assert done.stdout == "rang 1.0\n"


def test_the_settings_of_pip_reach_uv(installed: Path):
    uv = next(
        (p for p in (ROOT / ".venv/bin/uv", shutil.which("uv")) if p and Path(p).exists()), None
    )
    if uv is None:
        pytest.skip("no uv on this machine")
    (installed / ".venv" / "bin" / "uv").symlink_to(uv)
    (installed / "requirements.txt").write_text(wheel(installed.parent / "links", "3.0"))

    code, said, progress = run(installed)

    assert (code, said) == (0, "rang 3.0\n"), progress
    assert "pip" not in progress
