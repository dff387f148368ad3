"""How a process ends when it cannot go on: one line to read and a code to act on, no traceback."""

import sys
from collections.abc import Callable, Mapping

from app.entry.api_errors import Away, CannotTrigger, NoKey, Refused
from app.errors import (
    AppError,
    ConfigError,
    EngineFailed,
    EngineMissing,
    EngineTooOld,
    EngineUnreachable,
    SchemaMismatch,
)
from orders_core.errors import CoreError

REFUSED = 65
UNAVAILABLE = 69
MISCONFIGURED = 78
INTERRUPTED = 130

CODES: Mapping[type[Exception], int] = {
    CoreError: REFUSED,
    EngineUnreachable: UNAVAILABLE,
    EngineMissing: UNAVAILABLE,
    EngineFailed: UNAVAILABLE,
    EngineTooOld: MISCONFIGURED,
    ConfigError: MISCONFIGURED,
    SchemaMismatch: MISCONFIGURED,
    Away: UNAVAILABLE,
    NoKey: MISCONFIGURED,
    Refused: REFUSED,
    CannotTrigger: REFUSED,
}


def told(work: Callable[[], object]) -> int:
    """Run `work`; tell a fault that has a cure in its own words, and return the exit code."""
    try:
        work()
    except (AppError, CoreError) as fault:
        say(str(fault))
        return next(code for kind, code in CODES.items() if isinstance(fault, kind))
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def say(lines: str) -> None:
    """Write to standard error, each line under our name."""
    for line in lines.splitlines():
        sys.stderr.write(f"orderbell: {line}\n")
    sys.stderr.flush()
