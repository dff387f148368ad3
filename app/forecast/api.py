"""The HTTP of the forecast: contacts, promotions and rosters in, the plan out."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/forecast", tags=["forecast"])
