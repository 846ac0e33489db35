"""The group that all commands belong to."""

from __future__ import annotations

import logging

import click

from serverful.cli.speech import complain, say

FAILED = 2  # we could not do our work


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show tracebacks when serverful itself, or a policy, fails.")
@click.option("--version", is_flag=True, help="Show the version and exit.")
@click.pass_context
def commands(context: click.Context, debug: bool, version: bool) -> int | None:
    """Asks why a Lambda function is serverful: attached to a VPC, bound to a fixed IP address, ...

    Reads Terraform as it stands in folders, looks for the reason in it, and says what it saw, what would be better and how to
    record a reason. The same policies run inside Checkov: checkov -d . --external-checks-dir "$(serverful policies --path)"
    """
    context.obj["debug"] = debug
    # What is logged (a policy's traceback) is for who asks for it; what matters of it stands in the report as trouble.
    logging.getLogger("serverful").addHandler(logging.StreamHandler() if debug else logging.NullHandler())
    if version:
        from serverful.distribution import version as stated

        say(f"serverful {stated()}")
        context.exit(0)
    if context.invoked_subcommand is None:
        # Not 0: a pipeline that lost its argument would be green for ever.
        complain(context.get_help())
        return FAILED
    return None
