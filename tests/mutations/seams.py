"""Faults to plant in being told more of one order, in the form of `planted.Fault`."""

from collections.abc import Sequence

MORE = "tests/app/hub/test_told_more.py"
CASES = f"{MORE}::test_the_case_is_decided_as_the_table_says"
PAGE = "tests/app/story/test_more.py"
ONE = f"{MORE}::test_more_is_rung_for_this_order_and_this_person_alone"

SEAMS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "more-of-an-order-is-more-advertising",
        "app/hub/question.py",
        "is_step = notice.kind is Kind.ORDER and not notice.for_receiver",
        "is_step = not notice.for_receiver",
        CASES,
    ),
    (
        "the-receiver-of-a-gift-is-told-more",
        "app/hub/question.py",
        "is_step = notice.kind is Kind.ORDER and not notice.for_receiver",
        "is_step = notice.kind is Kind.ORDER",
        CASES,
    ),
    (
        "somebody-else-is-told-more",
        "app/people/order_wish.py",
        "wish.more_on if wish.person_id == person.person_id else None",
        "wish.more_on",
        ONE,
    ),
    (
        "more-of-one-order-opens-every-bell",
        "app/hub/permission.py",
        "if channel != more]\n    if not off:",
        "if not more]\n    if not off:",
        CASES,
    ),
    (
        "a-no-said-later-is-not-heard",
        "app/people/choice_store.py",
        "    mute_store.tell_no_more_on(tx, person_id, refused_steps(told))\n",
        "",
        f"{MORE}::test_a_no_said_later_takes_the_wish_for_more_back",
    ),
    (
        "one-no-is-a-no-to-all",
        "app/people/mute_store.py",
        "delete(told_more).where(asked, told_more.c.channel.in_(channels))",
        "delete(told_more).where(asked)",
        f"{MORE}::test_a_no_to_something_else_leaves_it",
    ),
    (
        "what-waits-rings-although-it-is-as-usual-again",
        "app/hub/heed.py",
        "SAID = (preference, pause, mute, bells, consent, suppression)",
        "SAID = (preference, pause, mute, consent, suppression)",
        f"{MORE}::test_what_waits_is_cancelled_once_it_rings_as_usual_again",
    ),
    (
        "a-muted-order-is-told-more",
        "app/people/mute_store.py",
        "    tell_as_usual(tx, order_id)\n    said = insert(muted_order)",
        "    said = insert(muted_order)",
        f"{MORE}::test_muting_and_being_told_more_take_each_others_place",
    ),
    (
        "more-is-told-where-the-page-offered-nothing",
        "app/story/own_pages.py",
        "        if on in more_for(tx, meet(tx, [person_id])[person_id]):\n",
        "        if on in ('email', 'push', 'sms'):\n",
        f"{PAGE}::test_no_more_is_told_where_its_person_said_no",
    ),
    (
        "more-is-told-at-a-dead-address",
        "app/story/more.py",
        "[channel for channel in alive.addresses if alive.address(channel)]",
        "[*alive.addresses]",
        f"{PAGE}::test_no_more_is_told_where_nobody_is_reached",
    ),
    (
        "a-lock-is-asked-past",
        "app/people/levels.py",
        "one.wanted or one.level is Level.SHOP for one in found",
        "one.wanted or not one.is_own for one in found",
        f"{PAGE}::test_what_the_shop_locked_off_cannot_be_asked_for",
    ),
    (
        "a-refused-bell-leaves-for-whoever-asked-elsewhere",
        "app/messages/barred_store.py",
        "        told_more.c.channel == message.c.channel,\n",
        "",
        "tests/app/messages/test_deliver.py"
        "::test_a_bell_asked_for_of_this_order_leaves_though_such_news_is_refused",
    ),
    (
        "advertising-leaves-as-a-step-of-an-order",
        "app/messages/barred_store.py",
        'and_(message.c.kind == "order", asked)',
        "and_(asked)",
        "tests/app/messages/test_deliver.py"
        "::test_a_bell_asked_for_of_this_order_leaves_though_such_news_is_refused",
    ),
)
