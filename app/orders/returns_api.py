"""The HTTP of returns."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["returns"])
