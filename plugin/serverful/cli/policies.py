"""`serverful policies` and `serverful explain`: what is asked, and why."""

from __future__ import annotations

import click

from serverful.cli.group import commands
from serverful.cli.speech import is_painted, say, width


@commands.command()
@click.option("--path", "wants_path", is_flag=True, help="Print only the folder, for checkov --external-checks-dir.")
@click.option("--config", "wants_config", is_flag=True, help="Print only the file for checkov --config-file, which settles what quarrels.")
@click.option("--format", "format_", type=click.Choice(["console", "json"]), default="console", show_default=True, help="How to list.")
def policies(wants_path: bool, wants_config: bool, format_: str) -> int:
    """List the policies, or print where they are.

    \b
    checkov -d . --external-checks-dir "$(serverful policies --path)" --config-file "$(serverful policies --config)"
    """
    from serverful import catalogue
    from serverful.report.policies import policies_to_console, policies_to_json

    if wants_path:
        say(str(catalogue.policies_folder()))
        return 0
    if wants_config:
        say(str(catalogue.checkov_config()))
        return 0
    loaded = catalogue.load()
    if format_ == "json":
        say(policies_to_json(loaded))
    else:
        say(policies_to_console(loaded, width=width(), painted=is_painted()))
    return 0


@commands.command()
@click.argument("id", metavar="ID")
def explain(id: str) -> int:
    """Print the page of a policy: what it asks, why, what is better, how to answer."""
    from serverful.explain import explain as page_of

    page = page_of(id)
    if is_painted():
        from serverful.report.page import paint_markdown

        page = paint_markdown(page, width())
    say(page.rstrip("\n"))
    return 0
