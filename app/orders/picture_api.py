"""The pictures of SKUs."""

from fastapi import APIRouter

router = APIRouter(tags=["stock"])
