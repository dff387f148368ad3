"""Commands about rules: take the requirements and the tables away as files."""

from pathlib import Path
from typing import Annotated

import typer

from app.entry.cli.console import database, say

app = typer.Typer(help="Rules: the tables, and the page of requirements.", no_args_is_help=True)


@app.callback()
def rules() -> None:
    """Work on rules."""


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Made if it is not there; files are replaced.")],
) -> None:
    """Write requirements.zh.md, requirements.en.md, and every table that rules as CSV."""
    from app.db.transaction import begin
    from app.rules.gather import rulings
    from app.rules.requirements import page
    from app.rules.sheet import write_sheet
    from app.words.say import LOCALES

    with database() as engine, begin(engine) as tx:
        found = rulings(tx)
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"requirements.{locale}.md": page(found, locale) for locale in LOCALES}
    files |= {f"{one.table.name}.csv": write_sheet(one.table) for one in found}
    for name, text in sorted(files.items()):
        (folder / name).write_text(text, encoding="utf-8", newline="")
    say(f"wrote {len(files)} files to {folder}")
