"""What the product refuses to start with: one tree, each error with its facts and its cure."""

from collections.abc import Sequence


class AppError(Exception):
    """Something outside the shop's rules is wrong; the sentence says what and how to cure it."""


class ConfigError(AppError):
    """One or more settings are wrong; every fault is named, so that one look mends them all."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


class EngineUnreachable(AppError):
    """PostgreSQL or Valkey does not answer where the settings say it lives."""

    def __init__(self, kind: str, *, host: str, port: int | None, reason: str) -> None:
        self.kind, self.host, self.port, self.reason = kind, host, port, reason
        place = f"{host}:{port}" if port else host
        super().__init__(f"cannot reach {kind} at {place} ({reason})")


class EngineTooOld(AppError):
    """The server lacks what the product stands on."""

    def __init__(self, kind: str, *, needs: str, found: str) -> None:
        self.kind, self.needs, self.found = kind, needs, found
        super().__init__(f"{kind}: needs {needs}+, found {found}")


class EngineMissing(AppError):
    """No server was given and none can be started on this machine."""


class EngineFailed(AppError):
    """The server that we started ended before it answered; its last words are in the sentence."""


class SchemaMismatch(AppError):
    """The database and the code are not of the same version."""
