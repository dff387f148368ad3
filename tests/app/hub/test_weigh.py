"""Weighing: what would be decided about many people, with nothing locked and nothing written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select

from app.hub.bounds import Bounds, Cap
from app.hub.catalogue import UnknownNotice
from app.hub.tables import pressure, told, verdict
from app.hub.verdict import Because
from app.hub.weigh import CHUNK, weigh
from app.messages.tables import message, suppression
from app.people.choices import ChannelName
from orders_core.ids import PersonId, new_id
from orders_core.tx import Tx
from tests.app.hub.stage import NEXT_MORNING, NIGHT, POLICY, enter, tell, wish
from tests.cast import ANA, BEN, CHIYO, DEE
from tests.shop import MORNING, Shop

ONE_A_DAY = replace(POLICY, bounds=Bounds(cap=Cap(1)))


def test_each_person_is_weighed_at_their_own_time_in_the_order_asked(tx: Tx):
    enter(tx, ANA, BEN, CHIYO)
    asked = [(CHIYO.person_id, NIGHT), (BEN.person_id, MORNING), (ANA.person_id, MORNING)]

    weighed = weigh(tx, "announcement", asked, policy=POLICY)

    assert [who for who, _ in weighed] == [who for who, _ in asked]
    assert [one.because for _, one in weighed] == [
        Because.QUIET_HOURS,
        Because.NO_CONSENT,
        None,
    ]
    assert weighed[0][1].until == NEXT_MORNING - timedelta(hours=1)  # Tokyo wakes an hour earlier


def test_weighing_says_what_telling_decides(tx: Tx):
    enter(tx, ANA, BEN, CHIYO, DEE)
    nobody = PersonId(new_id())
    tx.execute(
        insert(suppression).values(
            channel=ChannelName.EMAIL, address="ana@mail.example", reason="bounced", at=MORNING
        )
    )
    tell(tx, wish(CHIYO, "announcement", dispatch="before"), policy=ONE_A_DAY)
    everyone = [ANA, BEN, CHIYO, DEE, replace(ANA, person_id=nobody)]

    weighed = weigh(
        tx, "announcement", [(who.person_id, MORNING) for who in everyone], policy=ONE_A_DAY
    )

    decided = tell(tx, *(wish(who, "announcement") for who in everyone), policy=ONE_A_DAY)
    assert dict(weighed) == {one.wish.person_id: one.verdict for one in decided}
    assert dict(weighed)[CHIYO.person_id].because is Because.CAP_REACHED


def test_weighing_writes_nothing(tx: Tx):
    enter(tx, ANA)

    weigh(tx, "announcement", [(ANA.person_id, MORNING)], policy=POLICY)

    for table in (verdict, message, told, pressure):
        assert tx.scalar(select(func.count()).select_from(table)) == 0


def test_weighing_waits_for_nobody(shop: Shop):
    with shop.engine.begin() as tx:
        enter(tx, ANA)
        tell(tx, wish(ANA, "announcement", dispatch="before"))

    with shop.engine.begin() as telling, shop.engine.begin() as weighing:
        tell(telling, wish(ANA, "announcement"))
        weighing.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        [(_, verdict_now)] = weigh(
            weighing, "announcement", [(ANA.person_id, MORNING)], policy=POLICY
        )

    assert verdict_now.word == "send"


def test_thousands_are_weighed_in_a_few_statements_a_chunk(tx: Tx):
    crowd = [replace(ANA, person_id=PersonId(new_id()), name=f"c-{n}") for n in range(50)]
    enter(tx, *crowd)
    asked = [(who.person_id, MORNING) for who in crowd] * (CHUNK // 50 * 2)
    ran: list[str] = []
    event.listen(tx, "before_cursor_execute", lambda *said: ran.append(said[2]))

    weighed = weigh(tx, "announcement", asked, policy=POLICY)

    assert len(weighed) == 2 * CHUNK
    assert len(ran) <= 2 * 3


def test_nobody_is_weighed_for_a_notice_that_does_not_exist(tx: Tx):
    with pytest.raises(UnknownNotice):
        weigh(tx, "spring_sale", [], policy=POLICY)
