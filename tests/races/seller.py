"""`python -m tests.races.seller`: sell as told, a line of JSON at a time, and say what was got."""

import json
import sys

from app.db.engine import make_engine
from tests.races.paths import BY_NAME, sell


def main() -> None:
    """Answer each line `{"url", "path", "seed"}` with the units that were got, by code."""
    for line in sys.stdin:
        told = json.loads(line)
        engine = make_engine(told["url"], pool_size=1)
        got = sell(engine, BY_NAME[told["path"]], seed=told["seed"])
        engine.dispose()
        sys.stdout.write(json.dumps(got) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
