"""`orderbell train answers`: what it says, where it cannot learn and where it can."""

from pathlib import Path

import pytest

from app.db.transaction import begin
from app.desk import training_store
from app.desk.reader import Reader
from app.settings import DEFAULT_SECRET
from tests.app.entry.test_cli import Cli, cli, shop_cli
from tests.shop import Shop

__all__ = ["cli", "shop_cli"]


def test_labels_that_cannot_be_read_are_named_and_nothing_is_trained(cli: Cli, tmp_path: Path):
    labels = tmp_path / "labels.csv"
    labels.write_text("text,intent,language\nhello,greeting,en\n", "utf-8")

    code, out, err = cli("train", "answers", "--data", str(labels))

    assert (code, out) == (65, "")
    assert "line 2: no intent is called 'greeting'" in err


@pytest.mark.long
@pytest.mark.timeout(400)
def test_what_is_learnt_from_our_corpus_and_labels_is_in_use_at_once(
    shop_cli: Cli, shop: Shop, tmp_path: Path
):
    labels = tmp_path / "labels.csv"
    labels.write_text("text,intent,language\nmy beans are on which lorry,where,en\n", "utf-8")

    code, out, err = shop_cli("train", "answers", "--data", str(labels))

    assert (code, "taken" in err) == (0, True)
    assert out.startswith("zh: ")
    with begin(shop.engine) as tx:
        [row] = training_store.newest(tx, at_most=9)
        assert (row.state, row.labels) == ("taken", 1)
        reader = Reader(DEFAULT_SECRET.encode())
        where, talk = (reader.guess(tx, one) for one in ("我的快递到哪了", "who won the cup"))
    assert where is not None
    assert (where.intent, where.passes) == ("where", True)
    assert talk is not None
    assert not talk.passes
