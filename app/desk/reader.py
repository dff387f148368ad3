"""Reads questions with the model that was learnt: opened once in a process, with numpy alone.

Nothing of it is opened before its signature was found good. One that is refused reads nothing: the
patterns answer as if there were none, and the desk's page says why.
"""

import threading
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from app.desk import training_store as store
from app.desk.understood import Guessed
from ml.answers.intents import Intent
from ml.answers.lessons import script_of
from ml.artifact.refused import Refused
from orders_core.tx import Tx

EVEN = 0.5  # below it a text is likelier talk than a question to a shop

log = structlog.get_logger()


@dataclass(frozen=True)
class Opened:
    """A model as this process holds it: by script what reads it, or why it was refused."""

    training_id: UUID
    by_script: Any
    refused: str | None = None

    @property
    def encoder(self) -> str:
        """The encoder that reads beside the words, with its version; empty where none does."""
        return next((one.encoder.name for one in self.by_script.values() if one.encoder), "")


class Reader:
    """The model in use. Thread-safe: one thread opens it, the others wait for that.

    Where the model has not learnt the `encoder` that is installed here, it reads the words alone.
    """

    def __init__(self, key: bytes, *, encoder: str = "") -> None:
        self._key, self._encoder = key, encoder
        self._guard = threading.Lock()
        self._opened: Opened | None = None

    def guess(self, tx: Tx, text: str) -> Guessed | None:
        """Say what a text most likely asks and how sure that is; None where no model reads it."""
        opened = self.opened(tx)
        classifier = opened.by_script.get(script_of(text)) if opened else None
        if opened is None or classifier is None:
            return None
        guess = classifier.read(text)
        return Guessed(
            intent=Intent(guess.intent),
            sure=guess.right,
            needs=min(guess.needs, 1.0),
            passes=guess.answers,
            is_ours=guess.inside >= EVEN,
            model=str(opened.training_id),
        )

    def opened(self, tx: Tx) -> Opened | None:
        """Return the model in use, opened anew where it is another one than last time."""
        in_use = store.in_use(tx)
        if in_use is None:
            return None
        with self._guard:
            if self._opened is None or self._opened.training_id != in_use:
                self._opened = self._open(in_use, store.sealed(tx, in_use))
            return self._opened

    def _open(self, training_id: UUID, sealed: bytes | None) -> Opened:
        from ml.answers import keep
        from ml.answers.encoder import open_encoder
        from ml.artifact.unseal import unseal

        try:
            signed = unseal(sealed or b"", key=self._key, kind=keep.KIND)
        except Refused as fault:
            log.warning("model_refused", model=str(training_id), because=str(fault))
            return Opened(training_id, {}, refused=fault.because.value)
        return Opened(training_id, keep.classifiers(signed, encoder=open_encoder(self._encoder)))
