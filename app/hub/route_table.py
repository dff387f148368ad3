"""The table `routing`, read into what decisions obey."""

from functools import lru_cache

from app.hub.catalogue import NOTICES, Notice
from app.hub.route_rules import BY_COST, EVERY, NOWHERE, Route, Routes
from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "routing"


@lru_cache(maxsize=16)
def read_routes(sheet: str) -> Routes:
    """Ask a sheet once for each notice and each channel that may have been opened last."""
    judge = Judge(read_sheet(sheet))
    asked = {notice.name: _routes(judge, notice) for notice in NOTICES.values()}
    return Routes({name: routes for name, routes in asked.items() if routes})


def _routes(judge: Judge, notice: Notice) -> dict[str, Route]:
    about = {"kind": str(notice.kind), "category": str(notice.category)}
    said = {
        seen: judge.ask({**about, "seen": seen}).answers
        for seen in (NOWHERE, *(str(bell) for bell in BY_COST))
    }
    found = {
        seen: Route(str(answer["first"]), int(answer["minutes"]))
        for seen, answers in said.items()
        for answer in answers
    }
    return {seen: route for seen, route in found.items() if route.first != EVERY}
