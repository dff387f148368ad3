"""A file beside the orders, looked up by key without keeping it in memory: 16 bytes a row."""

from array import array
from bisect import bisect_left
from hashlib import blake2b
from pathlib import Path

from app.intake.csv.columns import Model, RowRefused, read_row
from app.intake.csv.inspecting import FileRefused
from app.intake.csv.reading import Reject, Row, header_of, rows, rows_at


class Beside:
    """The rows of a CSV file by one of its columns."""

    def __init__(self, path: Path, key: str) -> None:
        self.rejects: list[Reject] = []
        self._name = path.name
        self._key = key
        self._header = header_of(path)
        if key not in self._header:
            raise FileRefused(f'{path.name}: column "{key}" is missing')
        hashes, offsets = array("Q"), array("Q")
        for row in rows(path):
            if isinstance(row, Reject):
                self.rejects.append(row)
                continue
            hashes.append(_hash(row.cells[key]))
            offsets.append(row.offset)
        in_order = sorted(range(len(hashes)), key=hashes.__getitem__)  # stable: file order stays
        self._hashes = array("Q", (hashes[place] for place in in_order))
        self._offsets = array("Q", (offsets[place] for place in in_order))
        self._file = path.open("rb")

    def of(self, name: str) -> list[Row]:
        """Return the rows whose key is `name`, in the order of the file."""
        wanted = _hash(name)
        place = bisect_left(self._hashes, wanted)
        found = []
        while place < len(self._hashes) and self._hashes[place] == wanted:
            found.append(self._offsets[place])
            place += 1
        alike = rows_at(self._file, found, self._header)
        return [row for row in alike if row.cells[self._key] == name]

    def read(self, model: type[Model], name: str) -> list[Model]:
        """Return the rows of one key, checked.

        Raises:
            RowRefused: If one of them cannot be taken; with the file's name.
        """
        try:
            return [read_row(model, row.cells) for row in self.of(name)]
        except RowRefused as fault:
            raise RowRefused(f"{self._name}: {fault}") from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
