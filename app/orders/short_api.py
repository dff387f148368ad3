"""The HTTP of what was promised and is not there."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["stock"])
