"""What a demo or test installation makes for itself, once: secret, operator's password, API key.

They stay in the home, readable by its owner alone. Production makes none: it is given its secret.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine

from app.access import staff
from app.access.keys import Caller, KeyRing, make_key
from app.access.roles import KEY_SCOPES, Role
from app.db.transaction import begin
from app.settings import DEFAULT_SECRET, Settings, env_name

FILE = "credentials.json"
OPERATOR = staff.DEMO_STAFF[Role.OPERATOR].email


@dataclass(frozen=True)
class Credentials:
    """What opens a demo shop."""

    secret_key: str
    operator: str
    password: str
    api_key: str = ""


def recall(home: Path) -> Credentials | None:
    """Return what was made before, if anything."""
    try:
        return Credentials(**json.loads((home / FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def with_own_secret(settings: Settings) -> Settings:
    """Return the settings with the secret made before, where none was given.

    It also goes into the environment, for what this process starts.
    """
    known = recall(settings.home)
    is_given = settings.secret_key.get_secret_value() != DEFAULT_SECRET
    if known is None or is_given or settings.mode == "production":
        return settings
    os.environ[env_name("secret_key")] = known.secret_key
    return settings.model_copy(update={"secret_key": SecretStr(known.secret_key)})


def invent() -> Credentials:
    """Make a secret and a password; the key comes with the database."""
    return Credentials(
        secret_key=secrets.token_hex(32), operator=OPERATOR, password=secrets.token_urlsafe(12)
    )


def keep(home: Path, credentials: Credentials) -> None:
    """Write them where only their owner reads."""
    path = home / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(credentials), file, indent=2)


def enrol(engine: Engine, credentials: Credentials) -> Credentials:
    """Put staff and API key into the database where they are not there yet.

    A key made by an older version is replaced by one that may do what this version's demo does.
    """
    with begin(engine) as tx:
        for role in Role:
            staff.demo_member(tx, role)
    if credentials.api_key and _may_all(KeyRing(engine).look_up(credentials.api_key)):
        return credentials
    with begin(engine) as tx:
        staff.put(
            tx,
            email=credentials.operator,
            name=staff.DEMO_STAFF[Role.OPERATOR].name,
            password=credentials.password,
            role=Role.OPERATOR,
        )
        key = make_key(tx, label="demo", scopes=KEY_SCOPES, live=True)
    return replace(credentials, api_key=key)


def _may_all(caller: Caller | None) -> bool:
    return caller is not None and caller.scopes >= KEY_SCOPES
