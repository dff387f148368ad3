"""The table `caps` is what decisions obey: the one the product brings, or the shop's own."""

from app.hub.cap_rules import NO_CAPS, Limit, Over, Per
from app.hub.cap_table import read_caps
from app.hub.catalogue import ANNOUNCEMENT, CASE_ANSWERED, ORDER_PAID, SECURITY_CODE, Kind
from app.hub.policy import read_policy
from app.hub.pressure import about, about_of
from app.people.choices import Category
from app.rules import rule, standard
from app.rules.rule import ruling
from app.settings import Settings
from orders_core.tx import Tx
from tests.shop import MORNING

BUSY = """\
rule,order,-,busy,bells,8,calendar_day,downgrade,no,
example,order,orders,busy,bells,8,calendar_day,downgrade,no,
"""

TOGETHER = """\
rule,service,-,together,bells,3,calendar_day,drop,yes,
rule,order,-,together,bells,3,calendar_day,digest,yes,
example,order,orders,together,bells,3,calendar_day,digest,yes,
"""


def publish(tx: Tx, more: str) -> None:
    saved = rule.save(
        tx, (standard.sheet_of("caps") or "") + more, by="mia", why="test", now=MORNING
    )
    rule.publish(tx, "caps", saved.version)


def test_offers_ring_ten_times_a_week_at_most_unless_a_shop_says_otherwise(tx: Tx):
    caps = read_caps(ruling(tx, "caps"))

    [(rule, over)] = caps.obeyed[about_of(ANNOUNCEMENT)]
    assert rule.limit == Limit("week", "bells", 10, Per.ROLLING_WEEK)
    assert over is Over.DOWNGRADE
    assert caps.reach == 7 * NO_CAPS.reach


def test_what_no_row_fits_neither_counts_nor_obeys(tx: Tx):
    caps = read_caps(ruling(tx, "caps"))

    assert [caps.concern(one) for one in (ORDER_PAID, CASE_ANSWERED, SECURITY_CODE)] == [False] * 3


def test_a_published_version_rules_the_next_batch(tx: Tx):
    before = read_policy(tx, Settings()).bounds.caps

    publish(tx, BUSY)
    after = read_policy(tx, Settings()).bounds.caps

    assert (before.concern(ORDER_PAID), after.concern(ORDER_PAID)) == (False, True)
    assert about_of(ORDER_PAID) not in after.obeyed


def test_rows_of_one_cap_count_together_and_say_apart_what_becomes_of_one_too_many(tx: Tx):
    publish(tx, TOGETHER)

    caps = read_caps(ruling(tx, "caps"))

    assert len([one for one in caps.rules if one.limit.name == "together"]) == 1
    [service] = caps.obeyed[about(Kind.SERVICE, Category.ORDERS)]
    [order] = caps.obeyed[about_of(ORDER_PAID)]
    assert service.rule is order.rule
    assert (service.over, order.over) == (Over.DROP, Over.DIGEST)


def test_of_two_rows_for_one_sort_the_strictest_holds(tx: Tx):
    publish(tx, TOGETHER + "rule,order,delivery,together,bells,3,calendar_day,downgrade,yes,\n")

    [order] = read_caps(ruling(tx, "caps")).obeyed[about(Kind.ORDER, Category.DELIVERY)]

    assert order.over is Over.DOWNGRADE


def test_a_version_is_read_through_once(tx: Tx):
    assert read_caps(ruling(tx, "caps")) is read_caps(ruling(tx, "caps"))
