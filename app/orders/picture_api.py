"""The pictures of SKUs: put by the shop's key, shown to anybody."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.access.guard import open_to_all, scope
from app.access.keys import Caller
from app.http.deps import Now, Transaction
from app.http.problems import Problem
from orders_core.catalog import picture_store
from orders_core.catalog.picture import MOST_BYTES, PNG, SVG, read_picture
from orders_core.catalog.sku import canonical

router = APIRouter(tags=["stock"])

CodePath = Annotated[str, Path(max_length=64)]
Writer = Annotated[Caller, scope("stock:write")]
BINARY = {"schema": {"type": "string", "format": "binary"}}
DOCUMENTED = {"requestBody": {"required": True, "content": {SVG: BINARY, PNG: BINARY}}}
SHOWN = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cache-control": "public, max-age=300",
    "content-disposition": "inline",
}


async def _content(request: Request) -> bytes:
    """Read no more than a picture may have, whatever the caller says is coming."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > MOST_BYTES:
            detail = f"a picture has at most {MOST_BYTES} bytes"
            raise Problem(status=413, code="too_large", detail=detail)
    return content


@router.put("/v1/skus/{code}/picture", openapi_extra=DOCUMENTED)
def put_picture(
    code: CodePath,
    content: Annotated[bytes, Depends(_content)],
    tx: Transaction,
    now: Now,
    _: Writer,
) -> Any:
    """Write the picture of a SKU: PNG or SVG, 64 kB at most, known by its content.

    An SVG that holds scripts, handlers or references to other places is refused.
    """
    picture = read_picture(content)
    picture_store.put(tx, canonical(code), picture, now=now)
    return {
        "code": canonical(code),
        "media_type": picture.media_type,
        "bytes": len(picture.content),
        "url": f"/g/{canonical(code)}",
    }


@router.get(
    "/g/{code}",
    dependencies=[open_to_all("what is for sale may be looked at")],
    response_class=Response,
    responses={200: {"content": {SVG: {}, PNG: {}}}, 304: {"description": "It is the same."}},
)
def show_picture(code: CodePath, request: Request, tx: Transaction) -> Response:
    """Show the picture of a SKU; whoever has it already is told so."""
    picture = picture_store.read(tx, canonical(code))
    headers = {**SHOWN, "etag": f'"{picture.tag}"'}
    if picture.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(picture.content, media_type=picture.media_type, headers=headers)
