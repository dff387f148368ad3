"""Which processes one machine runs, in the order in which they stop, and what they are told."""

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from app.entry.children import Role
from app.settings import Settings, env_name

ROOT = Path(__file__).parents[2]


def roles(settings: Settings, *, simulates: bool) -> Sequence[Role]:
    """List every process. What makes work stops before what does it; all within 8.5 s."""
    webs = [_role("web", 3, 2.5, name=f"web-{n}") for n in range(1, settings.web_processes + 1)]
    return [
        _role("scheduler", 1, 1.0),
        *([_role("simulator", 2, 0.5)] if simulates else []),
        *webs,
        _role("relay", 4, 1.0),
        _role("worker-fast", 5, 3.0),
        _role("worker-bulk", 5, 3.0),
        _role("worker-slow", 5, 1.0),
        *([_role("mailbox", 6, 0.5)] if has_own_mailbox(settings) else []),
    ]


def needed_first(roster: Sequence[Role]) -> Sequence[str]:
    """Name the processes that bring the first page and the first email; the rest may follow."""
    late = {"simulator", "scheduler", "worker-bulk", "worker-slow"}
    return [role.name for role in roster if role.name not in late]


def _role(role: str, stage: int, patience_seconds: float, *, name: str = "") -> Role:
    return Role(
        name=name or role,
        arguments=("-m", "app.entry.child", role),
        stage=stage,
        patience_seconds=patience_seconds,
    )


def has_own_mailbox(settings: Settings) -> bool:
    """Say whether mail goes to our own mailbox: outside production, unless a server is named."""
    return settings.mode != "production" and "smtp_host" not in settings.model_fields_set


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a child, which reads as these settings."""
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    environ = {**os.environ, "PYTHONPATH": path}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is None or (name == "smtp_host" and name not in settings.model_fields_set):
            continue
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        environ[env_name(name)] = str(plain)
        environ.pop(f"{env_name(name)}_FILE", None)
    return environ
