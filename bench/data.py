"""Where the public data lies that models are measured on. It is no part of the project."""

import os
from pathlib import Path

BESIDE = Path(__file__).parents[2] / "shared" / "data"


class NoData(LookupError):
    """The data is not on this machine."""


def data(name: str) -> Path:
    """Return the path of a data file; `ORDERBELL_DATA` names another folder.

    Raises:
        NoData: If it is not there.
    """
    path = Path(os.environ.get("ORDERBELL_DATA", BESIDE)) / name
    if not path.exists():
        raise NoData(f"{path} is not there: set ORDERBELL_DATA to the folder that holds {name}")
    return path
