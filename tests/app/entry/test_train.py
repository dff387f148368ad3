"""`orderbell train answers`: what it says where it cannot learn."""

from pathlib import Path

import pytest

from tests.app.entry.test_cli import Cli, cli

__all__ = ["cli"]


def test_labels_that_cannot_be_read_are_named_and_nothing_is_trained(cli: Cli, tmp_path: Path):
    labels = tmp_path / "labels.csv"
    labels.write_text("text,intent,language\nhello,greeting,en\n", "utf-8")

    code, out, err = cli("train", "answers", "--data", str(labels))

    assert (code, out) == (65, "")
    assert "line 2: no intent is called 'greeting'" in err
    assert not (tmp_path / "home" / "models").exists()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_corpus_is_learnt_from_and_the_answer_says_what_became_of_it(cli: Cli, tmp_path: Path):
    code, _, err = cli("train", "answers")

    is_taken = (tmp_path / "home" / "models" / "answers.bell").exists()
    assert code == (0 if is_taken else 1)
    assert is_taken == ("not taken" not in err)
