"""The HTTP of price lists, pre-orders and warehouses."""

from fastapi import APIRouter

router = APIRouter(prefix="/v1", tags=["catalog"])
