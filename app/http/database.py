"""What the database's refusals mean to a caller. Only this file of the room knows drivers."""

from psycopg import errors as driver
from sqlalchemy import Engine
from sqlalchemy import exc as sql

from app.http.problems import Problem

__all__ = ["ERRORS", "Engine", "is_lock_timeout", "problem_of"]

ERRORS: tuple[type[Exception], ...] = (sql.SQLAlchemyError, driver.Error)
AGAIN = {"Retry-After": "1"}
BUSY = (
    driver.LockNotAvailable,
    driver.DeadlockDetected,
    driver.SerializationFailure,
    driver.QueryCanceled,
)
GONE = (driver.OperationalError, driver.InterfaceError)


def problem_of(error: Exception) -> Problem | None:
    """Return the problem a database error becomes, or None where it is our own mistake."""
    fault = _cause(error)
    if isinstance(error, sql.TimeoutError) or isinstance(fault, BUSY):
        return Problem(status=503, code="busy", detail="try again in a moment", headers=AGAIN)
    if isinstance(fault, driver.DataError):
        return Problem(status=422, code="bad_value", detail="a value cannot be kept as it is")
    if isinstance(fault, driver.IntegrityError):
        return Problem(status=409, code="conflict", detail="this contradicts what is there")
    if isinstance(fault, GONE):
        return Problem(
            status=503,
            code="database_unavailable",
            detail="the database is not reachable",
            headers=AGAIN,
        )
    return None


def is_lock_timeout(error: Exception) -> bool:
    """Say whether somebody else held a lock longer than we were ready to wait."""
    return isinstance(_cause(error), driver.LockNotAvailable)


def _cause(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, sql.DBAPIError) else error
