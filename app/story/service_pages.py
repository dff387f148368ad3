"""What shoppers do by themselves on the page of their order."""

from fastapi import APIRouter

router = APIRouter(tags=["pages"])
