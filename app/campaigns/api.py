"""The HTTP of campaigns."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"])
