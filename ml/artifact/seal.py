"""Writing an artifact: parts of JSON and arrays, a manifest that counts them, a signature.

The same content is the same bytes: names sorted, no clock, no compression that a library may
change.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
from numpy.typing import NDArray

from ml.artifact.manifest import MANIFEST, NAME, SIGNATURE, Manifest, Part, canonical, digest, sign
from ml.artifact.refused import Refused, Why

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can write; the true one is no content
Content = Mapping[str, Any]  #: by file name: of `.json` what JSON holds, of `.npz` arrays by name


def seal(content: Content, manifest: Manifest, *, key: bytes) -> bytes:
    """Return an artifact: `manifest` with its parts counted, signed, and the parts.

    Raises:
        Refused: If a part has a name that `open` would refuse.
    """
    raw = {name: _raw(name, value) for name, value in sorted(content.items())}
    counted = tuple(Part(name, len(part), digest(part)) for name, part in raw.items())
    said = replace(manifest, parts=counted).dump()
    return _zip({MANIFEST: said, SIGNATURE: sign(said, key=key), **raw})


def write(path: Path, sealed: bytes) -> None:
    """Put an artifact in its place at once: whoever reads sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def _raw(name: str, value: Any) -> bytes:
    if not NAME.fullmatch(name):
        raise Refused(Why.STRANGE_NAME, name)
    return canonical(value) if name.endswith(".json") else _npz(value)


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    parts = {}
    for name, array in sorted(arrays.items()):
        file = BytesIO()
        np.lib.format.write_array(file, np.ascontiguousarray(array), allow_pickle=False)
        parts[f"{name}.npy"] = file.getvalue()
    return _zip(parts)


def _zip(files: Mapping[str, bytes]) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_STORED) as container:
        for name, raw in files.items():
            container.writestr(ZipInfo(name, LONG_AGO), raw)
    return whole.getvalue()
