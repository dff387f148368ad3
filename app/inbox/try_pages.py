"""The embedded inbox at work on a page of ours, with what to copy; never in production.

In production nobody of the staff may act in a person's inbox, so there the page is not served.
"""

import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.body import Line
from app.http.deps import TheHouse, Transaction
from app.http.pages import render
from app.inbox.embed_bodies import LIFE_SECONDS
from app.inbox.embed_script import script
from app.inbox.try_store import newest_reader
from app.people import store as people
from app.people.links import links_of
from app.people.person import Person, name_of
from orders_core.ids import show
from orders_core.tx import Tx

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.PEOPLE_READ)]
Whose = Annotated[str, Line(64, 0), Query()]


IN_PAGE = """\
<script type="module" src="{base}{script}"></script>
<orderbell-inbox base="{base}" token="TOKEN"></orderbell-inbox>
<script type="module">
  document.addEventListener("orderbell-token-expired", async (event) => {{
    event.target.token = await (await fetch("/my/inbox-token")).text();
  }});
</script>"""
IN_SERVER = """\
curl -X POST "{base}/v1/people/{name}/inbox-token" \\
  -H "Authorization: Bearer $ORDERBELL_API_KEY\""""


@router.get("/embed/try")
def try_it(
    request: Request, tx: Transaction, house: TheHouse, _: Reader, person: Whose = ""
) -> HTMLResponse:
    """Show a person's inbox as a page of the shop would; without a name, whoever got news last."""
    found = _chosen(tx, person)
    links = links_of(house.settings)
    until = int(time.time()) + LIFE_SECONDS
    base, address = house.settings.public_url.rstrip("/"), script().address
    return render(
        request,
        "inbox/try.html",
        person=found,
        asked=person,
        token=links.embedded(found.id, until=until) if found else "",
        script=address,
        in_page=IN_PAGE.format(base=base, script=address),
        in_server=IN_SERVER.format(base=base, name=quote(_named(found), safe="")),
    )


def _named(person: Person | None) -> str:
    if person is None:
        return "C-1001"
    return person.reference or show("per", person.id)


def _chosen(tx: Tx, asked: str) -> Person | None:
    name = name_of(asked) if asked else newest_reader(tx)
    known = people.named(tx, [name]) if name else {}
    return people.find(tx, name) if name and known else None
