"""The desk: what waits for a person, the conversation, and the order beside it."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
