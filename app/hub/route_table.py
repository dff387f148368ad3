"""The tables `routing` and `bell_cost`, read into what decisions obey."""

from functools import lru_cache

from app.hub.catalogue import NOTICES, Notice
from app.hub.route_rules import EVERY, NOWHERE, USUAL_COSTS, USUAL_WORTH, Route, Routes
from app.rules.engine import Judge
from app.rules.sheet import read_sheet

TABLE = "routing"
COSTS = "bell_cost"


@lru_cache(maxsize=16)
def read_routes(sheet: str, costs: str) -> Routes:
    """Ask a sheet once for each notice and each channel that may have been opened last.

    Args:
        costs: The sheet of what each channel costs.
    """
    judge, prices = Judge(read_sheet(sheet)), Judge(read_sheet(costs))
    bells = [bell for bell, _ in USUAL_COSTS]
    asked = {notice.name: _routes(judge, notice, bells) for notice in NOTICES.values()}
    return Routes(
        {name: routes for name, routes in asked.items() if routes},
        tuple((bell, int(prices.ask({"channel": bell}).answers[0]["cost"])) for bell in bells),
    )


def _routes(judge: Judge, notice: Notice, bells: list[str]) -> dict[str, Route]:
    about = {"kind": str(notice.kind), "category": str(notice.category)}
    said = {seen: judge.ask({**about, "seen": seen}).answers for seen in (NOWHERE, *bells)}
    found = {
        seen: Route(
            str(answer["first"]), int(answer["minutes"]), int(answer.get("worth", USUAL_WORTH))
        )
        for seen, answers in said.items()
        for answer in answers
    }
    return {seen: route for seen, route in found.items() if route.first != EVERY}
