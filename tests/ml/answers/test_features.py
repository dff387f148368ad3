"""Features: cut and weighed with numpy as scikit-learn would, in both languages."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from ml.answers.features import VIEWS, View, fit, normal, pieces
from ml.answers.lessons import script_of
from tests.ml.answers.little import TEXTS

ZH = ["我的包裹到哪了", "什么时候发货", "发货了吗", "包裹丢了怎么办", "到哪了到哪了"]
ASKED = {"en": ["where is my umbrella order", "zzz", "", "a parcel a parcel a parcel"],
         "zh": ["包裹什么时候到", "彩虹", "到哪了,到哪了"]}  # fmt: skip


def _theirs(view: View) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=view.kind,
        ngram_range=(view.shortest, view.longest),
        min_df=view.fewest_texts,
        sublinear_tf=True,
        **({"token_pattern": r"\w+"} if view.kind == "word" else {}),
    )


@pytest.mark.parametrize(("language", "texts"), [("en", TEXTS), ("zh", ZH)])
def test_every_weight_is_the_one_that_scikit_learn_gives(language: str, texts: list[str]):
    ours = fit([pieces(text, language) for text in texts], language=language)
    theirs = [_theirs(view).fit([normal(t, language) for t in texts]) for view in VIEWS[language]]

    for text in [*texts, *ASKED[language]]:
        row = ours.row(text)
        dense = np.zeros(ours.width)
        dense[row.columns] = row.weights
        plain = [normal(text, language)]
        wanted = np.hstack([one.transform(plain).toarray()[0] for one in theirs])
        np.testing.assert_allclose(dense, wanted, rtol=0, atol=1e-12)


def test_what_is_not_known_is_counted_as_unknown():
    features = fit([pieces(text, "en") for text in TEXTS], language="en")

    assert features.row("where is my order").known > 0.9
    assert features.row("Xylophonquartett").known < 0.3
    assert features.row("").known == 0


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Ｗｈｅｒｅ  IS it", "where is it"),
        ("order AB-1024-77 late", "order 0 late"),
        ("it’s", "it's"),
    ],
)
def test_width_case_and_the_names_of_orders_make_no_difference(said: str, meant: str):
    assert normal(said, "en") == meant


def test_traditional_characters_are_matched_as_simplified():
    assert normal("我的訂單什麼時候發貨", "zh") == normal("我的订单什么时候发货", "zh")


def test_one_chinese_character_makes_a_text_chinese_and_pinyin_is_read_by_its_letters():
    assert script_of("my 快递 number") == "zh"
    assert script_of("wo de kuaidi dao nale") == "en"


def test_serving_imports_no_library_for_training():
    ask = (
        "import sys, ml.answers.classify, ml.answers.keep, ml.artifact.unseal\n"
        "print([n for n in ('sklearn', 'scipy', 'pandas') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
