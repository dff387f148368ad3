"""The HTTP of counts and transfers that take more than one call."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["stock"])
