"""`python -m app.entry.cli`: what the launcher runs."""

import sys

from app.entry.cli.commands import run

sys.exit(run())
