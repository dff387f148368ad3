"""Why did I get this? The verdict of one message, in the words of whoever got it."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
