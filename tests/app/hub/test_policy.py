"""The shop's policy: what every table says, read anew for each batch by two questions."""

from sqlalchemy import event

from app.db.transaction import begin
from app.hub.policy import read_policy
from app.rules import rule
from tests.pages_app import settings_of
from tests.shop import MORNING, Shop


def test_all_tables_are_read_in_one_statement_and_the_switch_in_another(shop: Shop):
    asked: list[str] = []
    event.listen(shop.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    with begin(shop.engine) as tx:
        read_policy(tx, settings_of(shop))

    assert len([one for one in asked if "rule_version" in one]) == 1
    assert len([one for one in asked if "switch" in one]) == 1


def test_what_is_published_rules_the_next_decision(shop: Shop):
    with begin(shop.engine) as tx:
        later = rule.ruling(tx, "escalation").replace(",sms,30,", ",sms,45,")
        saved = rule.save(tx, later, by="ana", why="later", now=MORNING)
        before = read_policy(tx, settings_of(shop)).bounds.escalations
        rule.publish(tx, "escalation", saved.version)

        after = read_policy(tx, settings_of(shop)).bounds.escalations
        assert (before, after) == (
            (("pickup_ready", "sms", 30),),
            (("pickup_ready", "sms", 45),),
        )
