"""The settings as people read them: each with its value, its default, or as a name that is none."""

import re
from collections.abc import Mapping

from pydantic_core import PydanticUndefined

from app.setting_values import meant
from app.settings import PREFIX, Settings, env_name, is_secret

MASK = "********"
OURS = frozenset(  # read by the launcher, or set by the supervisor for its children
    {
        "ORDERBELL_PYTHON",
        "ORDERBELL_API_KEY",
        "ORDERBELL_LIFELINE_FD",
        "ORDERBELL_LISTENER_FD",
    }
)


def shown(settings: Settings) -> dict[str, str]:
    """Return every setting as it may be printed: secrets and passwords in addresses masked."""
    lines = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is None:
            lines[env_name(name)] = ""
        elif is_secret(name):
            lines[env_name(name)] = MASK
        else:
            lines[env_name(name)] = re.sub(r"(://[^/@\s]*:)[^@\s]*@", rf"\1{MASK}@", str(value))
    return lines


def strays(environ: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that looks like a setting of ours and is none."""
    known = {env_name(name) for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known} | OURS
    return [
        f"{name}: not a setting{meant(name, known)}; unset it"
        for name in sorted(environ)
        if name.startswith(PREFIX) and name not in known
    ]


def reference() -> list[tuple[str, str, str]]:
    """List every setting: its name, its default as one would write it, what it is."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = (
            "" if is_secret(name) or field.default in (None, PydanticUndefined) else field.default
        )
        text = str(default).lower() if isinstance(default, bool) else str(default)
        rows.append((env_name(name), text, field.description or ""))
    return rows
