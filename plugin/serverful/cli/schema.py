"""`serverful schema`: what the settings and the record look like."""

from __future__ import annotations

import click

from serverful.cli.group import commands
from serverful.cli.speech import say


@commands.command()
@click.argument("what", metavar="WHAT", type=click.Choice(["settings", "run"]))
def schema(what: str) -> int:
    """Print the JSON Schema of WHAT: settings, or run (what --format json writes).

    Editors complete and check .serverful.yaml with the first, for example by a first line `# yaml-language-server: $schema=FILE`.
    """
    if what == "run":
        from serverful.record.read import schema as schema_of
    else:
        from serverful.settings import schema as schema_of
    say(schema_of())
    return 0
