"""Faults to plant in the reading model and its artifacts, as `planted` takes them."""

from collections.abc import Sequence

ARTIFACT, ANSWERS = "tests/ml/artifact/test_artifact.py", "tests/ml/answers"

OF_ANSWERS: Sequence[tuple[str, str, str, str, str]] = (
    (
        "an-artifact-of-any-key-is-opened",
        "ml/artifact/unseal.py",
        "if not hmac.compare_digest(signature, sign(said, key=key)):",
        "if not signature:",
        f"{ARTIFACT}::test_another_key_is_a_bad_signature",
    ),
    (
        "a-part-is-opened-uncounted",
        "ml/artifact/unseal.py",
        "if len(raw) != part.bytes or digest(raw) != part.sha256:",
        "if len(raw) != part.bytes:",
        f"{ARTIFACT}::test_a_part_changed_by_one_bit_is_refused_before_it_is_opened",
    ),
    (
        "a-container-may-hold-what-nobody-signed",
        "ml/artifact/unseal.py",
        "if sorted(names) != sorted(",
        "if not names and sorted(",
        f"{ARTIFACT}::test_a_part_more_or_less_than_signed_is_refused",
    ),
    (
        "a-part-may-lead-out-of-its-container",
        "ml/artifact/manifest.py",
        "if not NAME.fullmatch(part.name):",
        "if not part.name:",
        f"{ARTIFACT}::test_a_part_whose_name_leads_elsewhere_is_refused_though_it_was_signed",
    ),
    (
        "a-bomb-is-unpacked",
        "ml/artifact/unseal.py",
        "if sum(info.file_size for info in container.infolist()) > MOST_BYTES:",
        "if not container.infolist():",
        f"{ARTIFACT}::test_a_bomb_is_refused_by_what_it_would_unpack_to",
    ),
    (
        "a-later-format-is-guessed-at",
        "ml/artifact/manifest.py",
        'if said.get("version") != VERSION:',
        'if not said.get("version"):',
        f"{ARTIFACT}::test_a_later_version_an_unknown_format_and_another_kind_are_told_apart",
    ),
    (
        "arrays-may-be-pickles",
        "ml/artifact/unseal.py",
        "np.load(BytesIO(raw), allow_pickle=False)",
        "np.load(BytesIO(raw), allow_pickle=True)",
        f"{ARTIFACT}::test_arrays_of_objects_are_never_unpickled",
    ),
    (
        "the-gate-learns-from-what-the-model-knows",
        "ml/answers/train.py",
        "yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)",
        "yield np.arange(texts), np.flatnonzero(fold == number)",
        f"{ANSWERS}/test_train.py::test_the_gate_learns_from_texts_the_model_had_not_seen",
    ),
    (
        "a-threshold-is-taken-untested",
        "ml/answers/budget.py",
        "if bdtr(wrong, len(right), budget) > 1 - confidence:",
        "if wrong > budget * len(right):",
        f"{ANSWERS}/test_budget.py::test_without_a_mistake_half_a_percent_takes_598_messages",
    ),
    (
        "an-utterance-is-learnt-and-graded",
        "ml/answers/corpus.py",
        "for one in asked if plain(one.text) in seen):",
        "for one in asked if one.text in seen):",
        f"{ANSWERS}/test_corpus.py::test_an_utterance_in_both_parts_is_refused_whatever_its_case",
    ),
    (
        "a-label-is-learnt-and-graded",
        "ml/answers/lessons.py",
        "        if not is_held_out(one.text):\n",
        "        if one.text:\n",
        f"{ANSWERS}/test_replace.py::test_one_label_in_five_is_graded_on_and_never_learnt",
    ),
    (
        "a-worse-model-takes-the-place",
        "ml/answers/replace.py",
        "refused = why_not(grades, before, budget=plan.budget) if grades else",
        "refused = None if grades else",
        f"{ANSWERS}/test_replace.py::test_labels_that_make_it_worse_leave_the_model_in_use",
    ),
    (
        "the-numbers-of-any-encoder-are-weighed",
        "ml/answers/classify.py",
        "encoder=encoder if encoder and known == encoder.name else None",
        "encoder=encoder if encoder and known else None",
        f"{ANSWERS}/test_sense.py::test_the_numbers_of_another_version_are_left_aside",
    ),
    (
        "words-and-meaning-are-judged-as-words-alone",
        "ml/answers/classify.py",
        "            judge = self.sense.judge\n",
        "",
        f"{ANSWERS}/test_sense.py::test_each_has_a_threshold_of_its_own",
    ),
    (
        "an-encoder-that-is-not-there-is-set",
        "app/setting_values.py",
        "    if name and not find_spec(name):",
        "    if name and name not in ENCODERS:",
        "tests/app/test_settings.py::test_an_encoder_that_is_not_installed_is_refused_with_its_cure",
    ),
    (
        "an-answer-serves-every-question",
        "app/desk/answers.csv",
        "when_arrives,order parcel,answer,answer,answer,answer,answer,,,",
        "when_arrives,order parcel,answer,answer,answer,answer,answer,,where,",
        "tests/app/desk/test_may_answer.py"
        "::test_an_answer_that_serves_another_question_tells_all_that_the_books_hold_of_it",
    ),
    (
        "an-answer-that-serves-counts-as-wrong",
        "ml/answers/plan.py",
        "return called == asked or (called, asked) in self.serves",
        "return called == asked",
        f"{ANSWERS}/test_train.py::test_an_answer_that_serves_what_was_asked_is_not_wrong",
    ),
)
