"""Every command that the READMEs show exists, and both show the same ones."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from app.entry.cli.commands import run
from app.setting_sheet import reference
from tests.architecture.source import text

READMES = (Path("README.md"), Path("README.zh-CN.md"))


def script(readme: Path) -> str:
    """Return all `sh` blocks of a README as one script."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text(readme), flags=re.DOTALL | re.MULTILINE)
    return "\n".join(blocks)


def commands(readme: Path) -> list[str]:
    """Return the calls of our own launcher, with what follows a comment left out."""
    lines = script(readme).replace("\\\n", " ").splitlines()
    return [line.partition(" #")[0].strip() for line in lines if line.startswith("./orderbell")]


def addresses(readme: Path) -> list[str]:
    """Return the addresses that the curls call."""
    return re.findall(r"curl [^\n]*?\"(\$URL/[^\"]*)\"", script(readme))


def test_both_readmes_show_the_same_commands_and_calls():
    english, chinese = READMES

    assert commands(english) == commands(chinese)
    assert addresses(english) == addresses(chinese)
    assert commands(english)[0] == "./orderbell demo"
    assert len(addresses(english)) == 3


@pytest.mark.parametrize("readme", READMES, ids=str)
def test_every_command_shown_exists_with_its_options(
    readme: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for line in commands(readme):
        words = shlex.split(line)
        names = [word for word in words[1:3] if not word.startswith(("-", "ord_"))]
        path = names[:2] if names[:1] == ["config"] else names[:1]
        monkeypatch.setattr(sys, "argv", ["orderbell", *path, "--help"])
        with pytest.raises(SystemExit) as ended:
            run()
        help_text = capsys.readouterr().out

        assert not ended.value.code, line
        for option in (word for word in words if word.startswith("--")):
            assert option.partition("=")[0] in help_text, line


def test_the_list_of_settings_in_the_documents_is_complete():
    documented = text(Path("docs/settings.md"))
    missing = [name for name, _, _ in reference() if f"`{name}`" not in documented]

    assert missing == []
