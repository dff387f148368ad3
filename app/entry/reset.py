"""Begin a demo anew: forget its shop, its people and its keys, and nothing of anybody else's."""

import shutil

from app.db.engines import engines_of
from app.entry.credentials import FILE
from app.entry.serve import only_one
from app.errors import ConfigError
from app.settings import Settings

LOGS = "logs"


def reset(settings: Settings) -> None:
    """Empty the home of a demo.

    Raises:
        ConfigError: If its database is another machine's, which is not ours to empty.
        EngineFailed: If the home is being served, or its engines are in use.
    """
    if settings.database_url:
        raise ConfigError(["DATABASE_URL: set, and --reset empties the embedded engines only"])
    with only_one(settings.home):
        engines_of(settings).erase()
        (settings.home / FILE).unlink(missing_ok=True)
        shutil.rmtree(settings.home / LOGS, ignore_errors=True)
