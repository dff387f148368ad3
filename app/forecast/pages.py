"""How many will write, hour by hour, and how many people that takes."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
