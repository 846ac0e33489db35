"""What every command may be asked, and what is read of the world around it: the day, what is piped in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import click

from serverful.day import stated_day
from serverful.errors import UsageError

if TYPE_CHECKING:
    from serverful.policy import Severity

PIPED = "-"  # the path that stands for standard input

Command = TypeVar("Command", bound=Callable[..., object])


def formats_option(command: Command) -> Command:
    """The option --format, for every command that reports a run."""
    return click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="NAME[=FILE]",
        help="How to report: console (the default), json, sarif, junit, gitlab, github or markdown; to standard output, or to FILE. "
        "May be given several times: --format sarif=out.sarif --format console.",
    )(command)


def look_options(command: Command) -> Command:
    """How the console tells it."""
    verbose = click.option(
        "-v", "--verbose", is_flag=True, help="On the console, everything in full, and also what passed or stands in the baseline."
    )
    quiet = click.option("-q", "--quiet", is_flag=True, help="On the console, the verdict and a line for each finding.")
    return verbose(quiet(command))


def reading_options(command: Command) -> Command:
    """What is read, and how: for every command that reads Terraform."""
    options = [
        click.argument("paths", metavar="PATH...", nargs=-1, required=True),
        click.option(
            "--skip-path",
            multiple=True,
            metavar="REGEX",
            help="Leave out files and folders whose path matches, as Checkov's --skip-path does.",
        ),
        click.option(
            "--var-file",
            "var_files",
            multiple=True,
            metavar="FILE",
            help="A .tfvars file whose values count in every root, as terraform -var-file.",
        ),
        click.option(
            "--config",
            metavar="FILE",
            help="The settings file. Unless given: SERVERFUL_CONFIG, else the first .serverful.yaml from the scanned path upwards.",
        ),
        click.option(
            "--source",
            metavar="DIR",
            help="The folder that the plan was made from: its files and lines are named, and its comments count. "
            "Unless given: SERVERFUL_SOURCE.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def level_of(fail_on: str) -> Severity | None:
    from serverful.policy import Severity

    return None if fail_on.lower() == "never" else Severity[fail_on.upper()]


def words(values: Sequence[str]) -> list[str]:
    """`("SLS_VPC_1,SLS_IP_1", "HIGH")` -> three words, as Checkov splits them."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def day_of_run() -> date:
    """The day of this run. Raises UsageError where SERVERFUL_TODAY is none."""
    return stated_day(os.environ)


def is_piped(paths: Sequence[str]) -> bool:
    """Whether a plan is to be read from standard input. Raises UsageError where that is asked for twice: there is only one."""
    if paths.count(PIPED) > 1:
        raise UsageError("`-` stands for standard input, which holds one plan, and is given more than once.")
    return PIPED in paths


def piped_in(how: str) -> BinaryIO:
    """What is piped in, as bytes. Raises UsageError where nothing is: to wait for somebody to type it would look like a hang."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError(f"`-` reads from standard input, and nothing is piped into it. Pipe one: {how}")
    return sys.stdin.buffer
