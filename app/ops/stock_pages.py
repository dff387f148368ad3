"""The stock page: levels, what runs low, what is paid and cannot ship."""

from fastapi import APIRouter

router = APIRouter(tags=["pages"])
