"""The doors that carriers push their news through."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["parcels"])
