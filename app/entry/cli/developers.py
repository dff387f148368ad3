"""Commands for whoever writes a program against the API: hear what happens, let it happen."""

import threading
from typing import Annotated

import typer

from app.entry.cli.console import say

TEST_PERSON = "trigger-person"
Shop = Annotated[
    str | None, typer.Option("--shop", help="The shop's address; without: the settings' own.")
]
Key = Annotated[
    str | None,
    typer.Option("--key", envvar="ORDERBELL_API_KEY", help="API key; a demo's is found by itself."),
]


def listen(
    url: Annotated[str, typer.Argument(help="Where your program waits: http://localhost:3000/…")],
    secret: Annotated[
        str | None, typer.Option(help="whsec_… to sign with; without: a new one, printed.")
    ] = None,
    shop: Shop = None,
    key: Key = None,
) -> None:
    """Hand on what the shop emits to your program, as signed webhooks. Ctrl-C ends it."""
    from app.entry import listen as hearing
    from app.entry import webhook
    from app.entry.own_api import OwnApi
    from app.settings import load

    secret, stop = secret or webhook.new_secret(), threading.Event()
    try:
        line = hearing.Line(url, webhook.key_of(secret), stop=stop, say=typer.echo)
    except ValueError as fault:
        raise typer.BadParameter(str(fault)) from None
    with OwnApi(load(), shop=shop, key=key) as api, line:
        say(f"handing on events of {api.url} to {url}; Ctrl-C ends it")
        say(f"the signing secret is {secret}")
        hearing.listen(api, line, stop=stop, say=say)


def trigger(
    notice: Annotated[str, typer.Argument(help="Which, for example order_shipped.")],
    person: Annotated[
        str, typer.Option(help="The shop's reference of whom to tell; trigger-… is made for it.")
    ] = TEST_PERSON,
    fact: Annotated[
        list[str] | None, typer.Option(help="name=value in place of a sample's own, repeatable.")
    ] = None,
    shop: Shop = None,
    key: Key = None,
) -> None:
    """Let a notice happen to a test person, and say what was decided and where to look."""
    from app.entry import trigger as causing
    from app.entry.own_api import OwnApi
    from app.settings import load

    facts = dict(one.split("=", 1) for one in fact or () if "=" in one)
    if len(facts) != len(fact or ()):
        raise typer.BadParameter("a --fact is name=value, each name once")
    with OwnApi(load(), shop=shop, key=key) as api:
        caused = causing.trigger(api, notice, person=person, facts=facts)
    for line in causing.lines(caused, base_url=api.url):
        typer.echo(line)
