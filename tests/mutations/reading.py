"""Faults to plant in learning and reading at the desk, as `planted` takes them."""

from collections.abc import Sequence

TRAINING = "tests/app/desk/test_training.py"
UNDERSTOOD = "tests/app/desk/test_understood.py"
STORE = "app/desk/training_store.py"

OF_READING: Sequence[tuple[str, str, str, str, str]] = (
    (
        "the-model-overrules-a-wish-for-a-person",
        "app/desk/understood.py",
        "if guessed is None or meant.language is None or is_settled(text, meant):",
        "if guessed is None or meant.language is None:",
        f"{UNDERSTOOD}::test_some_readings_no_model_may_overrule",
    ),
    (
        "the-model-counts-however-unsure",
        "app/desk/understood.py",
        "    if guessed.passes:\n",
        "    if guessed.is_ours:\n",
        f"{UNDERSTOOD}::test_where_the_model_is_unsure_nobody_answers_whatever_the_patterns_read",
    ),
    (
        "two-workers-learn-the-same",
        "app/desk/training.py",
        "    if not leader.stand():\n        return 0\n",
        "    leader.stand()\n",
        f"{TRAINING}::test_two_workers_learn_it_once",
    ),
    (
        "a-slower-worker-takes-the-place",
        STORE,
        "        .where(training.c.id == training_id, training.c.state.in_(WAITING))\n",
        "        .where(training.c.id == training_id)\n",
        f"{TRAINING}::test_a_refused_model_leaves_the_one_in_use",
    ),
    (
        "labels-of-the-shop-are-forgotten",
        STORE,
        "    if tx.scalar(select(knows_labels.exists())):\n",
        "    if knows_labels is None:\n",
        f"{TRAINING}::test_a_model_with_labels_of_the_shop_is_not_replaced_by_one_without",
    ),
    (
        "a-model-that-fails-is-tried-for-ever",
        STORE,
        '        where=training.c.state == "replaced",\n',
        "",
        f"{TRAINING}::test_what_was_asked_for_is_learnt_and_then_in_use",
    ),
    (
        "the-web-process-keeps-reading-with-the-old-model",
        "app/desk/reader.py",
        "if self._opened is None or self._opened.training_id != in_use:",
        "if self._opened is None:",
        f"{TRAINING}::test_it_is_opened_once_and_again_when_another_is_put_in_use",
    ),
    (
        "a-model-takes-the-place-of-one-it-was-not-graded-beside",
        "app/desk/training_store.py",
        '        return _while_waiting(tx, training_id, state="replaced", **facts)\n',
        "        pass\n",
        f"{TRAINING}::test_a_model_graded_beside_another_takes_no_place_of_one_that_came_meanwhile",
    ),
    (
        "the-page-forgets-which-model-is-in-use",
        "app/desk/reading_pages.py",
        "in_use = store.card_in_use(tx)",
        'in_use = next((one for one in trainings if one.state == "taken"), None)',
        "tests/app/desk/test_reading_pages.py"
        "::test_the_model_in_use_is_told_behind_any_number_that_were_refused",
    ),
    (
        "a-drain-learns-models",
        "app/subscribers/drain.py",
        "[one for one in chores_of() if one.worker != SLOW]",
        "[*chores_of()]",
        "tests/app/subscribers/test_chores.py::test_a_drain_leaves_what_computes_for_long_to_its_worker",
    ),
    (
        "a-model-learnt-by-hand-takes-the-place-of-one-that-came-meanwhile",
        "app/desk/training_store.py",
        "    if not _is_still_in_use(tx, beside):\n        return False\n",
        "",
        f"{TRAINING}::test_a_model_learnt_by_hand_takes_no_place_of_one_that_came_meanwhile",
    ),
)
