"""The HTTP of an order's wider moves: parts, edits, shipments, refunds, its past."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["orders"])
