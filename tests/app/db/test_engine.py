"""What every session of ours is told when it opens."""

from app.db.engine import make_engine
from app.db.transaction import begin
from tests.shop import Shop


def test_who_asks_all_day_has_its_questions_planned_once(shop: Shop) -> None:
    url = shop.url
    told = []
    for plans_once in (False, True):
        engine = make_engine(url, pool_size=1, plans_once=plans_once)
        with begin(engine) as tx:
            told.append(tx.exec_driver_sql("SHOW plan_cache_mode").scalar_one())
        engine.dispose()

    assert told == ["auto", "force_generic_plan"]
