"""The roster as a file over the API: what a spreadsheet saved in, what it opens out."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response

from app.forecast import roster_store
from app.forecast.api import From, Reader, To, Writer, stretch
from app.forecast.roster_file import FIELDS, Wrong
from app.forecast.roster_import import preview, rows
from app.http.deps import Now, Transaction
from app.http.pages import settings_of
from app.http.problems import Fault, Problem
from app.http.table import csv_answer
from app.words.say import say

router = APIRouter(prefix="/v1/forecast", tags=["forecast"])

CSV = "text/csv"
SAMPLE = "date,from,to,people\n2026-11-10,09:00,17:30,6\n2026-11-10,17:30,24:00,4\n"
IN = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}, "example": SAMPLE}},
    }
}
OUT = {"content": {CSV: {"schema": {"type": "string"}, "example": SAMPLE}}}


async def _sheet(request: Request) -> bytes:
    return await request.body()


@router.put("/roster.csv", openapi_extra=IN)
def put_roster_csv(
    request: Request, sheet: Annotated[bytes, Depends(_sheet)], tx: Transaction, _: Writer
) -> Any:
    """Tell who is rostered as a CSV file by the shop's clock: all of it is taken, or nothing.

    Columns `date`, `from`, `to`, `people` or 日期, 开始, 结束, 人数; at most 5,000 rows. Rows that
    overlap sum. Half hours that the file does not name stay as they were told.
    """
    _check_type(request)
    seen = preview(tx, sheet, ZoneInfo(settings_of(request).shop_zone))
    if seen.read.faults:
        raise Problem(
            status=422,
            code="bad_roster",
            detail="nothing was taken: rows of the file cannot be read",
            errors=[_fault(one) for one in seen.read.faults],
        )
    roster_store.put(tx, seen.read.people)
    return {"rows": seen.read.rows, "slots": len(seen.read.people), "changed": seen.changed}


@router.get("/roster.csv", response_class=Response, responses={200: OUT})
def read_roster_csv(
    request: Request, tx: Transaction, now: Now, _: Reader, since: From = None, until: To = None
) -> Response:
    """Read who is rostered as the file that `PUT` takes: by default the week from now on."""
    first, last = stretch(now, since, until)
    zone = ZoneInfo(settings_of(request).shop_zone)
    return csv_answer("roster", FIELDS, rows(roster_store.read(tx, since=first, until=last), zone))


def _check_type(request: Request) -> None:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != CSV:
        raise Problem(
            status=415,
            code="wrong_content_type",
            detail="this door reads text/csv",
            headers={"Accept": CSV},
        )


def _fault(wrong: Wrong) -> Fault:
    said, mended = (say("en", f"roster.{part}.{wrong.code}") for part in ("fault", "mend"))
    return Fault(
        code=wrong.code,
        detail=f"line {wrong.line}: {said}; {mended}",
        pointer=f"/{wrong.line}/{wrong.field}",
    )
