"""The order page: one order as its shopper reads it, behind a signed link."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)
