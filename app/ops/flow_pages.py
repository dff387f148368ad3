"""Where the business is slow: five steps from open to told."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
