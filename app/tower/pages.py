"""The bell tower: four doors, two screens, a clock and six steps."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
