"""The page of what reads questions: the model in use, how well it reads, and what is under way."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.desk import training_store as store
from app.desk.reader import Reader
from app.http.deps import TheHouse, Transaction
from app.http.pages import render

router = APIRouter(include_in_schema=False)

COMMAND = "./orderbell train answers --data labels.csv   # text,intent,language"

MOST_SHOWN = 10
WEAKEST = 5


@router.get("/desk/reading")
def reading(
    request: Request,
    tx: Transaction,
    house: TheHouse,
    _: Annotated[Caller, may(Permission.CASES_READ)],
) -> HTMLResponse:
    """Show which model reads, its card, what is learnt at this moment, and what came before."""
    trainings = store.newest(tx, at_most=MOST_SHOWN)
    in_use = store.card_in_use(tx)
    opened = house.reads.opened(tx) if isinstance(house.reads, Reader) and in_use else None
    return render(
        request,
        "desk/reading.html",
        trainings=trainings,
        under_way=next((one for one in trainings if one.state in store.WAITING), None),
        in_use=in_use,
        closed=opened.refused if opened else None,
        sensing=opened.encoder if opened else "",
        wants_sense=house.settings.encoder,
        graded=_graded(in_use.manifest["metrics"]) if in_use else (),
        weakest=_weakest(in_use.manifest["metrics"]) if in_use else (),
        budget_percent=house.settings.risk_percent,
        command=COMMAND,
    )


def _graded(metrics: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], bool]]:
    """Return each script's grade, and where an encoder was learnt, that of the words alone."""
    kinds = ((metrics["grades"], False), (metrics.get("grades_alone", {}), True))
    every = [(script, one, alone) for grades, alone in kinds for script, one in grades.items()]
    return sorted(every, key=lambda one: (one[0], one[2]))


def _weakest(metrics: Mapping[str, Any]) -> list[tuple[str, str, float]]:
    """Return the intents read worst: script, intent, F1."""
    every = [
        (script, intent, f1)
        for script, grade in metrics["grades"].items()
        for intent, f1 in grade["f1"].items()
    ]
    return sorted(every, key=lambda one: one[2])[:WEAKEST]
