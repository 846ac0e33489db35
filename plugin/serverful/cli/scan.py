"""`serverful scan`: judges Terraform and reports it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from serverful.cli.asked import PIPED, day_of_run, formats_option, is_piped, level_of, look_options, piped_in, reading_options, words
from serverful.cli.group import commands
from serverful.cli.reports import write_reports
from serverful.cli.speech import at_terminal, complain, is_painted, watching, width
from serverful.errors import UsageError

if TYPE_CHECKING:
    from serverful.baseline import Baseline
    from serverful.baseline_file import Written
    from serverful.finding import Run


@commands.command()
@reading_options
@formats_option
@click.option(
    "-c",
    "--check",
    multiple=True,
    metavar="IDS",
    help="Ask only these: ids, globs ('SLS_VPC_*') or a least severity (MEDIUM); commas allowed.",
)
@click.option(
    "--skip-check", multiple=True, metavar="IDS", help="Do not ask these: ids, globs, or severities up to this one; commas allowed."
)
@click.option(
    "--fail-on",
    type=click.Choice(["INFO", "LOW", "MEDIUM", "HIGH", "never"], case_sensitive=False),
    default="MEDIUM",
    show_default=True,
    metavar="LEVEL",
    help="INFO, LOW, MEDIUM, HIGH or never: the least severity of a finding that ends with exit code 1.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="Findings that stand in it are told in short and do not end with 1. Written by --write-baseline.",
)
@click.option(
    "--write-baseline",
    metavar="FILE",
    help="Write what fails now to FILE, to begin with. Beside --baseline: write what is left of that, and nothing new.",
)
@look_options
def scan(
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    check: tuple[str, ...],
    skip_check: tuple[str, ...],
    skip_path: tuple[str, ...],
    fail_on: str,
    var_files: tuple[str, ...],
    config: str | None,
    source: str | None,
    baseline: str | None,
    write_baseline: str | None,
    verbose: bool,
    quiet: bool,
) -> int:
    """Judge the Terraform under each PATH, a folder or a file, without Checkov.

    A file whose name ends in .json is read as a plan: terraform show -json tfplan > plan.json
    So is standard input for the PATH `-`: terraform show -json tfplan | serverful scan -

    \b
    Exit codes:
      0  clean: no finding at or above --fail-on
      1  findings at or above --fail-on
      2  we could not do our work: something was unreadable, or nothing
         was there to judge. Beats findings.

    A baseline lets an estate begin that has findings already: serverful scan PATH --write-baseline FILE ends with 0 once FILE is written,
    whatever it found, and serverful scan PATH --baseline FILE then asks about what is new or worse. With trouble, none is written.

    SERVERFUL_TODAY=YYYY-MM-DD sets the day with which end dates of reasons are compared, for reproducible runs.
    """
    from serverful.distribution import version
    from serverful.outputs import outputs_of
    from serverful.plan_source import named_source
    from serverful.record.made import record_of
    from serverful.report.formats import FORMATS, Look
    from serverful.scan import scan as scan_paths
    from serverful.settings_file import named

    outputs = outputs_of(formats or ("console",), tuple(FORMATS))  # before the work: a mistyped one is told at once
    today = day_of_run()
    level = level_of(fail_on)
    piped = piped_in("terraform show -json tfplan | serverful scan -") if is_piped(paths) else None
    with watching() as watcher:
        run = scan_paths(
            [Path(path) for path in paths if path != PIPED],
            today=today,
            check=words(check),
            skip_check=words(skip_check),
            skip_path=skip_path,
            var_files=var_files,
            config=named(os.environ, config),
            source=named_source(os.environ, source),
            piped=piped,
            baseline=_baseline(baseline),
            watcher=watcher,
        )
    written, unwritten = _written(run, write_baseline, today)
    run = written.run if written is not None else run
    record = record_of(run, fail_on=level, today=today, tool_version=version())
    write_reports(record, outputs, Look(width=width(), painted=is_painted(), folds=at_terminal(), verbose=verbose, quiet=quiet))
    if written is not None:
        complain(written.says)
    if unwritten is not None:
        raise unwritten
    return record.decision.exit_code


def _baseline(name: str | None) -> Baseline | None:
    """The baseline of that name. Raises UsageError for one that cannot be used."""
    if name is None:
        return None
    from serverful.baseline_file import read_baseline

    return read_baseline(Path(name))


def _written(run: Run, name: str | None, today: date) -> tuple[Written | None, UsageError | None]:
    """What became of the baseline that is to be written; or why it was not, to be said at the end: the report is not lost over it."""
    if name is None:
        return None, None
    from serverful.baseline_file import write_baseline
    from serverful.distribution import version

    try:
        return write_baseline(run, Path(name), today=today, tool_version=version()), None
    except UsageError as error:
        return None, error
