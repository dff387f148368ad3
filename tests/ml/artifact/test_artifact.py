"""Artifacts: what was signed is opened, anything else is refused with its reason."""

import pickle
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from ml.artifact import manifest as names
from ml.artifact import unseal as opening
from ml.artifact.manifest import MANIFEST, SIGNATURE, Manifest, Part, canonical, digest, sign
from ml.artifact.refused import Refused, Why
from ml.artifact.seal import seal, write
from ml.artifact.unseal import read, unseal

KEY = b"a key that only tests know of"
MADE = Manifest(kind="answers", seed=7, data_sha256="d", libraries={"numpy": "2"}, metrics={"f": 1})
ARRAY = np.arange(6.0).reshape(2, 3)
CONTENT = {"en.json": {"b": 1, "a": ["é"]}, "en.npz": {"w": ARRAY}}


def _sealed() -> bytes:
    return seal(CONTENT, MADE, key=KEY)


def _files(raw: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(raw)) as container:
        return {name: container.read(name) for name in container.namelist()}


def _zip(files: Mapping[str, bytes], *, packed: bool = False) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED if packed else 0) as container:
        for name, raw in files.items():
            container.writestr(name, raw)
    return whole.getvalue()


def _signed(said: bytes, **parts: bytes) -> bytes:
    return _zip({MANIFEST: said, SIGNATURE: sign(said, key=KEY), **parts})


def _why(raw: bytes, *, kind: str = "answers", key: bytes = KEY) -> Why:
    with pytest.raises(Refused) as refused:
        unseal(raw, key=key, kind=kind)
    return refused.value.because


def test_what_was_sealed_is_opened_as_it_was():
    opened = unseal(_sealed(), key=KEY, kind="answers")

    assert opened.json == {"en.json": CONTENT["en.json"]}
    np.testing.assert_array_equal(opened.arrays["en.npz"]["w"], ARRAY)
    assert opened.manifest.seed == 7
    assert opened.manifest.metrics == {"f": 1}


def test_the_same_content_is_the_same_bytes_in_whatever_order_it_came():
    assert seal(dict(reversed(CONTENT.items())), MADE, key=KEY) == _sealed()


def test_another_key_is_a_bad_signature():
    assert _why(_sealed(), key=b"some other key of sixteen") is Why.BAD_SIGNATURE


def test_a_changed_manifest_is_a_bad_signature():
    files = _files(_sealed())
    files[MANIFEST] = files[MANIFEST].replace(b'"seed":7', b'"seed":8')

    assert _why(_zip(files)) is Why.BAD_SIGNATURE


def test_a_part_changed_by_one_bit_is_refused_before_it_is_opened():
    files = _files(_sealed())
    files["en.npz"] = pickle.dumps("boom").ljust(len(files["en.npz"]), b".")

    assert _why(_zip(files)) is Why.TAMPERED_PART


def test_a_part_more_or_less_than_signed_is_refused():
    files = _files(_sealed())
    assert _why(_zip({**files, "more.json": b"{}"})) is Why.STRANGE_PARTS
    del files["en.json"]
    assert _why(_zip(files)) is Why.STRANGE_PARTS


def test_a_later_version_an_unknown_format_and_another_kind_are_told_apart():
    said = MADE.dump()

    assert _why(_signed(said.replace(b'"version":1', b'"version":2'))) is Why.TOO_NEW
    assert _why(_signed(said.replace(b"orderbell-artifact", b"x"))) is Why.UNKNOWN_FORMAT
    assert _why(_signed(said), kind="load") is Why.OTHER_KIND
    for odd in (b"[]", b"{", canonical({"format": names.FORMAT, "version": 1, "kind": "answers"})):
        assert _why(_signed(odd)) is Why.UNKNOWN_FORMAT


@pytest.mark.parametrize("name", ["../up.json", "/etc/x.json", "a/b.json", ".x.json", "x.pkl"])
def test_a_part_whose_name_leads_elsewhere_is_refused_though_it_was_signed(name: str):
    said = replace(MADE, parts=(Part(name, 2, digest(b"{}")),)).dump()

    assert _why(_signed(said, **{name: b"{}"})) is Why.STRANGE_NAME
    with pytest.raises(Refused, match="strange_name"):
        seal({name: {}}, MADE, key=KEY)


def test_a_bomb_is_refused_by_what_it_would_unpack_to(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(opening, "MOST_BYTES", 100_000)
    bomb = _zip({**_files(_sealed()), "x.json": b" " * 1_000_000}, packed=True)

    assert len(bomb) < 100_000
    assert _why(bomb) is Why.TOO_LARGE


def test_no_more_of_a_part_is_read_than_was_signed():
    files = _files(_sealed())
    files["en.json"] += b" " * 10

    assert _why(_zip(files)) is Why.TOO_LARGE


def test_arrays_of_objects_are_never_unpickled():
    file = BytesIO()
    np.savez(file, w=np.array([{"a": 1}], dtype=object))
    said = replace(MADE, parts=(Part("en.npz", len(file.getvalue()), digest(file.getvalue())),))

    with pytest.raises(ValueError, match="allow_pickle"):
        unseal(_signed(said.dump(), **{"en.npz": file.getvalue()}), key=KEY, kind="answers")


def test_what_is_no_container_or_has_no_manifest_is_refused():
    assert _why(b"no zip at all") is Why.UNREADABLE
    assert _why(_sealed()[:60]) is Why.UNREADABLE
    assert _why(_zip({"en.json": b"{}"})) is Why.NO_MANIFEST


def test_a_short_key_signs_nothing():
    with pytest.raises(ValueError, match="16 at least"):
        sign(b"{}", key=b"short")


def test_on_disk_it_is_replaced_at_once_and_too_large_a_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "models" / "answers.bell"
    write(path, b"old")
    write(path, _sealed())

    assert read(path, key=KEY, kind="answers").manifest.seed == 7
    assert [one.name for one in path.parent.iterdir()] == ["answers.bell"]
    monkeypatch.setattr(opening, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="too_large"):
        read(path, key=KEY, kind="answers")
