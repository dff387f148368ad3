"""Faults to plant in the embedded inbox and what lies behind it, in the form of `planted.Fault`."""

from collections.abc import Sequence

LINKS, CORS, DOORS = "app/people/links.py", "app/http/cors.py", "app/inbox/embed_api.py"
SHELF, STORE = "app/inbox/shelf_store.py", "app/inbox/store.py"
ANNOUNCED = "app/inbox/announcement_store.py"
OF_ANNOUNCED = "tests/app/inbox/test_announcements.py"
OF_LINKS, T = "tests/app/people/test_links.py", "tests/app/inbox/test_embed_api.py"

EMBEDDED: Sequence[tuple[str, str, str, str, str]] = (
    (
        "any-link-with-an-end-opens-an-embedded-inbox",
        LINKS,
        "if purpose != Purpose.EMBED or not until.isdigit():",
        "if not until.isdigit():",
        f"{OF_LINKS}::test_a_token_of_another_purpose_with_an_end_of_its_own_is_none",
    ),
    (
        "an-embedded-inbox-never-closes",
        LINKS,
        "        if int(until) <= at:\n            raise TokenOver\n",
        "",
        f"{OF_LINKS}::test_a_token_for_a_page_of_the_shop_opens_until_its_second",
    ),
    (
        "a-stream-outlives-its-token",
        DOORS,
        "        if time.time() >= holder.until:\n            return\n",
        "",
        f"{T}::test_a_stream_ends_with_its_token",
    ),
    (
        "any-page-of-any-site-may-ask",
        CORS,
        "return origin in self.origins or origin.partition",
        'return origin != "null" or origin.partition',
        f"{T}::test_only_pages_of_listed_origins_may_ask",
    ),
    (
        "the-whole-api-is-open-to-the-pages-listed",
        CORS,
        'EMBEDDED = "/v1/embed/"',
        'EMBEDDED = "/v1/"',
        f"{T}::test_the_rest_of_the_api_is_open_to_no_page_of_another_site",
    ),
    (
        "anybody-reads-the-lines-of-anybody",
        STORE,
        "update(inbox_item).where(inbox_item.c.person_id == person_id, which).values(first_times)",
        "update(inbox_item).where(which).values(first_times)",
        f"{T}::test_a_token_acts_on_its_own_persons_lines_alone",
    ),
    (
        "what-was-put-off-lies-in-its-folder",
        SHELF,
        "or_(of.c.snoozed_until.is_(None), of.c.snoozed_until <= now))",
        "or_(of.c.snoozed_until.is_(None), of.c.snoozed_until.is_not(None)))",
        f"{T}::test_what_was_put_off_or_away_lies_in_one_folder_alone",
    ),
    (
        "what-was-put-away-lies-in-its-folder",
        SHELF,
        "is_here = and_(~is_away, or_(",
        "is_here = and_(or_(",
        f"{T}::test_what_was_put_off_or_away_lies_in_one_folder_alone",
    ),
    (
        "a-cursor-goes-on-in-another-folder",
        DOORS,
        "of = f\"embed:{whose}:{'search' if look.q else look.folder}\"",
        'of = f"embed:{whose}"',
        f"{T}::test_bundles_come_page_by_page_with_their_order_to_look_at_only",
    ),
    (
        "an-embedded-inbox-hands-out-the-order-itself",
        "app/inbox/embed_bodies.py",
        "links.shared_order(OrderId(order_id))",
        "links.order(OrderId(order_id))",
        f"{T}::test_bundles_come_page_by_page_with_their_order_to_look_at_only",
    ),
    (
        "an-old-script-is-kept-for-a-year",
        "app/inbox/embed_pages.py",
        "KEPT if v == found.version else ASKED_AGAIN",
        "KEPT if v else ASKED_AGAIN",
        "tests/app/inbox/test_embed_script.py"
        "::test_every_page_may_load_it_and_keeps_only_the_version_it_asked_for",
    ),
    (
        "offers-are-announced-to-who-never-agreed",
        ANNOUNCED,
        "return {category for (category, _), is_wanted in chosen.items() if is_wanted}",
        "return {category for (category, _), is_wanted in chosen.items()}",
        f"{OF_ANNOUNCED}::test_subscribers_of_a_category_see_what_is_for_them",
    ),
    (
        "any-order-in-any-state-will-do",
        ANNOUNCED,
        "has_one = exists().where(orders.c.person_id == person.id, orders.c.status == any_(among))",
        "has_one = exists().where(orders.c.person_id == person.id)",
        f"{OF_ANNOUNCED}::test_whoever_has_an_order_in_a_state_sees_what_is_for_them",
    ),
    (
        "an-order-of-anybody-will-do",
        ANNOUNCED,
        "has_one = exists().where(orders.c.person_id == person.id, orders.c.status == any_(among))",
        "has_one = exists().where(orders.c.status == any_(among))",
        f"{OF_ANNOUNCED}::test_whoever_has_an_order_in_a_state_sees_what_is_for_them",
    ),
    (
        "what-stays-is-waved-off",
        ANNOUNCED,
        "    if not may_go:\n        raise StaysShown(announcement_id)\n",
        "",
        f"{OF_ANNOUNCED}::test_what_stays_is_waved_off_by_nobody",
    ),
    (
        "a-form-sent-twice-announces-twice",
        ANNOUNCED,
        "insert(announcement).values(values).on_conflict_do_nothing()",
        "insert(announcement).values(values)",
        "tests/app/inbox/test_announcement_pages.py"
        "::test_what_is_announced_is_as_it_was_written_and_a_form_sent_twice_makes_one",
    ),
    (
        "an-audience-goes-without-its-closer-words",
        "app/db/migrations/versions/0029_embed.sql",
        "CHECK ((audience IN ('subscribers', 'order_state')) = (cardinality(audience_of) > 0))",
        "CHECK (cardinality(audience_of) >= 0)",
        f"{OF_ANNOUNCED}::test_the_database_takes_no_audience_without_its_closer_words",
    ),
    (
        "a-change-of-the-key-closes-every-link",
        LINKS,
        "Links(settings.link_keys, ",
        "Links(settings.link_keys[-1:], ",
        f"{OF_LINKS}::test_an_installation_opens_links_of_its_former_keys_and_signs_with_its_own",
    ),
    (
        "a-former-key-signs",
        "app/settings.py",
        "[*former.split(), self.secret_key.get_secret_value()]",
        "[self.secret_key.get_secret_value(), *former.split()]",
        f"{OF_LINKS}::test_an_installation_opens_links_of_its_former_keys_and_signs_with_its_own",
    ),
    (
        "a-key-that-everybody-knows-opens-links",
        "app/settings.py",
        "for one in self.link_keys):",
        "for one in ()):",
        "tests/app/test_settings.py::test_production_opens_no_links_of_a_key_that_can_be_guessed",
    ),
)
