"""The two Jinja environments: one escapes for HTML, one leaves text as it is. Both are strict.

A name that the variables lack is an error, never an empty space: a letter with a hole in it is
worse than one that is looked at first.
"""

from collections.abc import Mapping
from types import MappingProxyType

from jinja2 import BaseLoader, Environment, StrictUndefined

from app.templating.formats import day, money, when

FILTERS = MappingProxyType({"money": money, "when": when, "day": day})

FONT = (
    "-apple-system,BlinkMacSystemFont,Segoe UI,PingFang SC,Microsoft YaHei,"
    "Noto Sans CJK SC,Helvetica,Arial,sans-serif"
)
STYLES: Mapping[str, str] = MappingProxyType(
    {
        "font": f"font-family:{FONT};font-size:16px;line-height:1.6;color:#1f2328",
        "p": "margin:0 0 16px 0",
        "table": "width:100%;border-collapse:collapse;margin:0 0 16px 0",
        "label": "padding:8px 12px 8px 0;color:#57606a;text-align:left;font-weight:normal;"
        "vertical-align:top;border-bottom:1px solid #d8dee4",
        "value": "padding:8px 0;text-align:right;border-bottom:1px solid #d8dee4",
        "code": "font-size:20px;font-weight:bold;letter-spacing:1px",
        "button": "display:inline-block;padding:12px 24px;border-radius:6px;background:#0b5cad;"
        "color:#ffffff;text-decoration:none;font-weight:bold",
        "small": "margin:0 0 8px 0;font-size:14px;line-height:1.6;color:#57606a",
    }
)


def environment(loader: BaseLoader, *, escape: bool) -> Environment:
    """Build an environment; `escape` says whether values are made safe for HTML."""
    built = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=escape,  # noqa: S701 - False for SMS and plain text only
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    built.filters.update(FILTERS)
    built.globals = {"css": STYLES}
    return built
