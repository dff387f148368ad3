"""What of a request is kept and shown: masked, bounded, explained, and as a curl. Pure."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app.http.witness import MOST_BODY_BYTES, Exchange
from app.words.show import masked

MASK = "•••"
SECRETS = frozenset({"token", "secret", "password", "key", "sign", "signature", "code_word"})
#: Fields that tell who somebody is, where they live, or hold their own words.
PERSONAL = frozenset(
    {"name", "email", "phone", "tax_number", "street", "line1", "line2", "postal_code"}
    | {"recipient", "question", "text", "note"}
)
MOST_ADDRESS, MOST_SHOWN = 2000, 200
UNSTORABLE = {0: "\ufffd"}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The body and query as they are kept; `is_whole` where a replay says the same again."""

    body: str | None
    query: str
    is_whole: bool


def kept(exchange: Exchange, *, masks: bool) -> Kept:
    """Say what of a request is written down; with `masks` nothing that names a person."""
    text = exchange.body.decode("utf-8", "replace").translate(UNSTORABLE)
    query = exchange.query.translate(UNSTORABLE)[:MOST_ADDRESS]
    is_whole = len(exchange.body) == exchange.body_bytes and "\ufffd" not in text
    if not masks:
        return Kept(body=text or None, query=query, is_whole=is_whole)
    hidden = _hidden_body(text)
    hidden_query = _hidden_query(query)
    is_same = hidden == (text or None) and hidden_query == query
    return Kept(body=hidden, query=hidden_query, is_whole=is_whole and is_same)


def _hidden_body(text: str) -> str | None:
    """Mask the personal fields of a JSON body; what cannot be read is not kept at all."""
    if not text:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    hidden = _hide(value)
    return text if hidden == value else json.dumps(hidden, ensure_ascii=False)


def _hide(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _hidden(name, member) for name, member in value.items()}
    if isinstance(value, list):
        return [_hide(member) for member in value]
    return value


def _hidden(name: str, member: Any) -> Any:
    if name in SECRETS and isinstance(member, str):
        return MASK
    if name in PERSONAL and isinstance(member, str):
        return masked(member) if "@" in member or name == "phone" else MASK
    return _hide(member)


def _hidden_query(query: str) -> str:
    given = parse_qsl(query, keep_blank_values=True)
    if not any(name in SECRETS | PERSONAL for name, _ in given):
        return query
    return urlencode([(name, str(_hidden(name, value))) for name, value in given])


def problem_in(answer: bytes) -> Mapping[str, Any] | None:
    """Read the problem that an answer holds; None where it holds none."""
    try:
        found = json.loads(answer)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "code" in found else None


def at_pointer(body: str | None, pointer: str) -> str | None:
    """Return what a body holds at a JSON pointer, as JSON; None where it holds nothing there."""
    try:
        value = json.loads(body or "")
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
    except (ValueError, LookupError, TypeError):
        return None
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…"


def curl(row: Any, *, base_url: str) -> str:
    """Write a kept request as a command for a shell; `$KEY` stands for the API key."""
    address = base_url.rstrip("/") + row.path + (f"?{row.query}" if row.query else "")
    parts = [f"curl -X {row.method} {shlex.quote(address)}", '-H "Authorization: Bearer $KEY"']
    for name, value in row.headers.items():
        parts.append(f"-H {shlex.quote(f'{name}: {value}')}")
    if row.body is not None:
        parts.append(f"--data-raw {shlex.quote(row.body)}")
    return " \\\n  ".join(parts)


def is_cut(row: Any) -> bool:
    """Say whether only the beginning of a body was kept."""
    return bool(row.body_bytes > MOST_BODY_BYTES)
