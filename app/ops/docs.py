"""The API's description turned into something to read: sections, fields, and a curl to copy."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
DEEPEST = 4


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a body or parameter of an address."""

    name: str
    kind: str
    says: str
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing the API does."""

    anchor: str
    method: str
    path: str
    title: str
    says: str
    parameters: Sequence[Field]
    fields: Sequence[Field]
    statuses: Sequence[str]
    curl: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """The operations of one subject."""

    name: str
    operations: Sequence[Operation]


def sections(api: Schema, *, base_url: str) -> Sequence[Section]:
    """Read an OpenAPI document; each operation comes with a curl against `base_url`."""
    grouped: dict[str, list[Operation]] = {}
    for path, methods in api["paths"].items():
        for method, about in methods.items():
            name = (about.get("tags") or ["other"])[0]
            operation = _operation(api, method, path, about, base_url)
            grouped.setdefault(name, []).append(operation)
    return [Section(name=name, operations=found) for name, found in grouped.items()]


def _operation(api: Schema, method: str, path: str, about: Schema, base_url: str) -> Operation:
    body = _body(api, about)
    first, _, rest = about.get("description", "").partition("\n")
    return Operation(
        anchor=about["operationId"],
        method=method.upper(),
        path=path,
        title=first or about.get("summary", ""),
        says=rest.strip(),
        parameters=[_parameter(api, one) for one in about.get("parameters", ())],
        fields=list(_fields(api, body)) if body else [],
        statuses=sorted(about.get("responses", ())),
        curl=_curl(method.upper(), f"{base_url}{path}", example(api, body) if body else None),
    )


def _body(api: Schema, about: Schema) -> Schema | None:
    content = about.get("requestBody", {}).get("content", {})
    for kind, described in content.items():
        if kind.endswith("json"):
            return _resolved(api, described.get("schema", {}))
    return None


def _parameter(api: Schema, about: Schema) -> Field:
    schema = _resolved(api, about.get("schema", {}))
    return Field(
        name=f"{about['name']} ({about['in']})",
        kind=_kind(api, schema),
        says=about.get("description") or schema.get("description", ""),
        is_required=about.get("required", False),
    )


def _fields(api: Schema, body: Schema, prefix: str = "", depth: int = 0) -> Iterator[Field]:
    required = body.get("required", ())
    for name, raw in body.get("properties", {}).items():
        schema = _resolved(api, raw)
        yield Field(
            name=f"{prefix}{name}",
            kind=_kind(api, schema),
            says=raw.get("description") or schema.get("description", ""),
            is_required=name in required,
        )
        if depth < DEEPEST:
            inner = _resolved(api, schema.get("items", schema))
            mark = "[]." if "items" in schema else "."
            yield from _fields(api, inner, f"{prefix}{name}{mark}", depth + 1)


def _resolved(api: Schema, schema: Schema) -> Schema:
    """Follow references, and take the first choice that is not null."""
    if "$ref" in schema:
        found: Schema = api
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _resolved(api, found)
    for choice in schema.get("anyOf", schema.get("oneOf", ())):
        if choice.get("type") != "null":
            return _resolved(api, choice)
    return schema


def _kind(api: Schema, schema: Schema) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_kind(api, _resolved(api, schema.get('items', {})))}]"
    return str(schema.get("format") or schema.get("type") or "any")


def example(api: Schema, schema: Schema, depth: int = 0) -> Any:
    """Return the schema's own example, or a plausible value put together from its parts."""
    for known in (schema.get("examples"), [schema["example"]] if "example" in schema else None):
        if known:
            return known[0]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example(api, _resolved(api, schema.get("items", {})), depth + 1)]
    if "properties" in schema and depth < DEEPEST:
        required = schema.get("required") or list(schema["properties"])
        return {
            name: example(api, _resolved(api, schema["properties"][name]), depth + 1)
            for name in required
        }
    plain = {"integer": schema.get("minimum", 1), "number": 1, "boolean": True, "object": {}}
    if schema.get("format") == "date-time":
        return "2026-11-22T09:30:00Z"
    return plain.get(schema.get("type", ""), "…")


def _curl(method: str, url: str, body: Any) -> str:
    begin = f"curl {url}" if method == "GET" else f"curl -X {method} {url}"
    lines = [begin, '  -H "Authorization: Bearer $ORDERBELL_KEY"']
    if body is not None:
        text = json.dumps(body, ensure_ascii=False, indent=2)
        lines += ['  -H "Content-Type: application/json"', f"  -d '{text}'"]
    return " \\\n".join(lines)
