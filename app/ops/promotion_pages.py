"""The promotion room: one screen for the busiest hour."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
