"""The HTTP of the stage: what the tour asks for, and what was played."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/test", tags=["test"])
