"""The HTTP of reservations that are not yet orders."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["stock"])
