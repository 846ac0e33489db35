"""`serverful reason`: the lines that record a reason."""

from __future__ import annotations

import click

from serverful.cli.asked import day_of_run
from serverful.cli.group import commands
from serverful.cli.speech import say


@commands.command()
@click.argument("address", metavar="ADDRESS")
@click.option("--category", required=True, help="Why: relational-database, cache, fixed-ip, ...; `other` needs three words of --text.")
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day on which the reason holds.")
@click.option("--owner", required=True, help="Who knows, and will be asked when it ends.")
@click.option(
    "--feature",
    "--key",
    "feature",
    metavar="KEY",
    help="What it explains (vpc, fixed-ip, ... or a policy's id); often clear from the category.",
)
@click.option("--text", default="", help="What a colleague would want to know, in one line.")
def reason(address: str, category: str, until: str, owner: str, feature: str | None, text: str) -> int:
    """Print the tag, the comment and the entry in the settings that record a reason for the block ADDRESS, to paste. Changes no file.

    One of the three is enough: serverful and Checkov then show the block as justified until that day, with the owner's name.
    """
    from serverful.reason_lines import reason_lines
    from serverful.report.text import harmless

    lines = reason_lines(address, category=category, until=until, owner=owner, today=day_of_run(), text=text, feature=feature)
    say(f"One of these, {harmless(lines.where)}\n")
    if lines.tag is None:
        say(f"  as a tag: not possible; {harmless(lines.no_tag)}\n")
    else:
        say(f"  as a tag, inside `tags = {{ ... }}`:\n    {lines.tag}\n")
    say(f"  as a comment, anywhere inside the block (a plan holds none, so it counts there only with --source):\n    {lines.comment}\n")
    say("Or, where the Terraform is not yours to change, in .serverful.yaml, below `reasons:`\n")
    say("\n".join(f"    {line}" for line in lines.entry))
    return 0
