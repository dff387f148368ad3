"""The HTTP of cases."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/cases", tags=["desk"])
