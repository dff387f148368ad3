"""What a page of the shop loads to show an inbox: the script, kept for good under its version."""

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from app.access.guard import open_to_all
from app.http.cors import to_any_site
from app.inbox.embed_script import PATH, script

router = APIRouter(include_in_schema=False)

KEPT, ASKED_AGAIN = "public, max-age=31536000, immutable", "public, no-cache"
NOT_MODIFIED = 304


@router.get(PATH, dependencies=[open_to_all("a script that every page may load")])
def component(
    v: Annotated[str, Query(max_length=40)] = "",
    known: Annotated[str, Header(alias="If-None-Match")] = "",
) -> Response:
    """Serve the script of `<orderbell-inbox>`; another version than asked for is not kept."""
    found = script()
    tag = f'"{found.version}"'
    headers = {"cache-control": KEPT if v == found.version else ASKED_AGAIN, "etag": tag}
    if tag in known:
        return to_any_site(Response(status_code=NOT_MODIFIED, headers=headers))
    kind = "text/javascript; charset=utf-8"
    return to_any_site(Response(found.body, media_type=kind, headers=headers))
