"""The files that pin every package: uv writes them, and we compare them without a network."""

import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from app.entry.environment import uv_environment

HEADER = (
    "# Exact versions with hashes of what pyproject.toml asks for; "
    "`./orderbell requirements` writes this file.\n"
)
FILES: Mapping[str, tuple[str, ...]] = {
    "requirements.txt": (),
    "requirements-encoder.txt": ("--extra", "encoder", "-c", "requirements.txt"),
    "requirements-dev.txt": ("--group", "dev", "--extra", "encoder", "-c", "requirements.txt"),
}


@dataclass(frozen=True)
class Pin:
    """One package of a requirements file."""

    name: str
    version: str
    hashes: int


def faults(root: Path) -> list[str]:
    """Say where the files and pyproject.toml disagree; nothing when they agree."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    plain, extra = project["project"]["dependencies"], project["project"]["optional-dependencies"]
    asked = {
        "requirements.txt": plain,
        "requirements-encoder.txt": [*plain, *extra["encoder"]],
        "requirements-dev.txt": [*plain, *extra["encoder"], *project["dependency-groups"]["dev"]],
    }
    found = {name: {pin.name: pin for pin in pins(root / name)} for name in FILES}
    said = [
        fault for name, wanted in asked.items() for fault in _missing(name, wanted, found[name])
    ]
    return said + [
        f"{file}: {name} is {one[name].version if name in one else 'missing'}, "
        f"requirements.txt has {pin.version}"
        for file, one in found.items()
        for name, pin in found["requirements.txt"].items()
        if name not in one or one[name].version != pin.version
    ]


def pins(path: Path) -> Iterator[Pin]:
    """Read every `name==version` of a requirements file with the number of its hashes."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.strip():
            name, _, rest = entry.partition("==")
            version = re.split(r"[\s;]", rest.strip(), maxsplit=1)[0]
            yield Pin(canonicalize_name(name.strip()), version, entry.count("--hash="))


def write(root: Path) -> None:
    """Write the files anew from what the user's index offers; asks the network.

    Raises:
        subprocess.CalledProcessError: If uv finds no set of versions.
    """
    for name, arguments in FILES.items():
        subprocess.run(  # noqa: S603 - our own uv, no shell
            [
                str(root / ".venv/bin/uv"),
                *("pip", "compile", "pyproject.toml", "-o", name, *arguments),
                *("--universal", "--generate-hashes", "--no-emit-index-url"),
                *("--no-annotate", "--no-header", "--quiet", "--python-version", "3.11"),
            ],
            cwd=root,
            env=uv_environment(),
            check=True,
        )
        path = root / name
        path.write_text(HEADER + path.read_text(encoding="utf-8"), encoding="utf-8")


def _missing(file: str, wanted: list[str], found: Mapping[str, Pin]) -> Iterator[str]:
    for line in wanted:
        requirement = Requirement(line)
        pin = found.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{file}: lacks {requirement.name}"
        elif Version(pin.version) not in requirement.specifier:
            yield f"{file}: {pin.name} {pin.version} is outside {requirement.specifier}"
    yield from (f"{file}: {pin.name} has no hash" for pin in found.values() if not pin.hashes)
