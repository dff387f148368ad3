"""Learns to read questions: in a worker, when a row asks for it. The web process learns nothing.

The model is stored beside the orders, so that every web process of every machine reads with the
same one. A worker that dies leaves its row begun, and the next one begins it anew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import structlog

from app.db.leader import Leader
from app.db.transaction import begin
from app.desk import training_store as store
from app.desk.may_answer import MAY, How
from app.desk.training_store import Made
from app.house import House
from app.settings import Settings
from ml.answers import corpus
from ml.answers.corpus import Labelled
from ml.answers.lessons import recipe
from ml.answers.plan import Plan
from orders_core.tx import Tx

LOCK = 7_302_118  # one worker learns at a time
SEED = 1

log = structlog.get_logger()


class Interrupted(Exception):
    """The worker ends; what it has begun stays begun."""


def asking(settings: Settings) -> Callable[[Tx, datetime], str]:
    """Return the job that asks for a model wherever words, method or risk budget have changed."""

    @cache  # reading the whole corpus takes a third of a second, and it stays while a process runs
    def wanted() -> str:
        return recipe_of(settings)

    def ask(tx: Tx, due_at: datetime) -> str:
        return "asked" if store.ask(tx, wanted(), now=due_at) else "known"

    return ask


def run_due(house: House, may_go_on: Callable[[], bool], *, folder: Path = corpus.HERE) -> int:
    """Learn what was asked for, if no other worker does; return how many models came of it."""
    with begin(house.engine) as tx:
        training_id = store.waiting(tx)
    if training_id is None:
        return 0
    leader = Leader(house.engine, lock=LOCK)
    if not leader.stand():
        return 0
    try:
        return _one(house, training_id, may_go_on, folder)
    except Interrupted:
        return 0
    finally:
        leader.step_down()


def _one(house: House, training_id: UUID, may_go_on: Callable[[], bool], folder: Path) -> int:
    with begin(house.engine) as tx:
        if not store.begin_one(tx, training_id):
            return 0
        in_use = store.in_use(tx)
        before = store.sealed(tx, in_use)
    try:
        tell = _telling(house, training_id, may_go_on)
        made = learnt(house.settings, before, folder=folder, tell=tell)
    except Interrupted:
        raise
    except Exception as fault:  # one that cannot be made must not be tried for ever
        log.exception("training_failed", training=str(training_id))
        with begin(house.engine) as tx:
            store.fail(tx, training_id, error=type(fault).__name__, now=house.clock.now())
        return 1
    with begin(house.engine) as tx:
        store.end(tx, training_id, made, beside=in_use, now=house.clock.now())
    log.info("training_ended", training=str(training_id), refused=made.refused)
    return 1


def _telling(
    house: House, training_id: UUID, may_go_on: Callable[[], bool]
) -> Callable[[int, int], None]:
    def tell(done: int, steps: int) -> None:
        if not may_go_on():
            raise Interrupted
        with begin(house.engine) as tx:
            store.note(tx, training_id, done=done, steps=steps)

    return tell


def learnt(
    settings: Settings,
    before: bytes | None,
    *,
    own: Sequence[Labelled] = (),
    folder: Path = corpus.HERE,
    tell: Callable[[int, int], object] = lambda _done, _steps: None,
) -> Made:
    """Learn from our corpus and from labels of the shop, and grade beside the model in use."""
    from ml.answers.replace import learn_anew

    made = learn_anew(
        own,
        plan=plan_of(settings.risk_percent, encoder=settings.encoder),
        key=settings.secret_key.get_secret_value().encode(),
        in_use=before,
        folder=folder,
        tell=tell,
    )
    facts = {
        "seed": made.manifest.seed,
        "data_sha256": made.manifest.data_sha256,
        "libraries": dict(made.manifest.libraries),
        "metrics": dict(made.manifest.metrics),
    }
    return Made(manifest=facts, sealed=made.sealed, refused=made.refused)


def recipe_of(settings: Settings, own: Sequence[Labelled] = ()) -> str:
    """Return what decides which bytes are made of our corpus and labels of the shop."""
    return recipe(own, plan=plan_of(settings.risk_percent, encoder=settings.encoder))


def plan_of(risk_percent: float, *, encoder: str = "") -> Plan:
    """Return what the shop wants of a model: its risk budget, and what a person answers anyway."""
    silent = [one for one, row in MAY.items() if How.ANSWER not in row.by_state.values()]
    serves = [(one, other) for one, row in MAY.items() for other in row.serves]
    return Plan(
        budget=risk_percent / 100,
        seed=SEED,
        silent=tuple(sorted(silent)),
        serves=tuple(sorted(serves)),
        encoder=encoder,
    )
