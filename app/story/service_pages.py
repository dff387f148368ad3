"""What shoppers do by themselves on the page of their order: each act has a page of its own."""

from fastapi import APIRouter

from app.story import address_pages, cancel_pages, invoice_pages, return_pages, short_pages

router = APIRouter(include_in_schema=False)
for pages in (address_pages, cancel_pages, invoice_pages, short_pages, return_pages):
    router.include_router(pages.router)
