"""Campaigns: write, weigh the reach, schedule, watch, pause."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
