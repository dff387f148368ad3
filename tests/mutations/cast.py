"""Faults to plant in how contacts are counted and in the forecast that is made of them."""

from collections.abc import Sequence

FORECAST, T = "app/forecast", "tests/app/forecast"
CONTACTS = f"{T}/test_contacts.py"
MIGRATION = "app/db/migrations/versions/0035_contacts"

OF_CAST: Sequence[tuple[str, str, str, str, str]] = (
    (
        "a-half-hour-told-again-keeps-what-was-told",
        f"{FORECAST}/contacts_store.py",
        "    tx.exec_driver_sql(FORGET_UNTOLD, listed)\n",
        "",
        f"{CONTACTS}::test_a_half_hour_told_again_is_told_anew",
    ),
    (
        "one-system-forgets-what-another-told",
        f"{FORECAST}/contacts_store.py",
        "source = %(source)s AND slot = ANY",
        "slot = ANY",
        f"{CONTACTS}::test_a_half_hour_told_again_is_told_anew",
    ),
    (
        "a-count-told-again-is-refused",
        f"{FORECAST}/contacts_store.py",
        "DO UPDATE SET contacts = EXCLUDED.contacts",
        "DO UPDATE SET contacts = contact_slot.contacts",
        f"{T}/test_api.py::test_contacts_told_again_take_the_new_count",
    ),
    (
        "an-odd-hour-loses-a-contact",
        f"{FORECAST}/contacts.py",
        "contacts - contacts // 2",
        "contacts // 2",
        f"{CONTACTS}::test_an_hours_halves_sum_to_it",
    ),
    (
        "the-migration-loses-the-odd-contact",
        f"{MIGRATION}.sql",
        "(contacts + 1 - half) / 2",
        "contacts / 2",
        f"{CONTACTS}::test_the_migration_keeps_every_contact_up_and_down",
    ),
    (
        "a-contact-is-about-what-nobody-knows",
        f"{MIGRATION}.sql",
        "ALTER TABLE incoming ADD CONSTRAINT ck_incoming_about_known\n"
        "  CHECK (about IN ('where', 'delivery', 'return', 'presale', 'payment', 'other'));",
        "",
        f"{CONTACTS}::test_no_contact_is_about_what_we_do_not_know",
    ),
    (
        "a-count-stands-between-two-half-hours",
        f"{MIGRATION}.sql",
        "CHECK (EXTRACT(epoch FROM slot) % 1800 = 0)",
        "CHECK (EXTRACT(epoch FROM slot) % 900 = 0)",
        f"{CONTACTS}::test_a_count_that_makes_no_sense_is_refused_by_the_table",
    ),
)
