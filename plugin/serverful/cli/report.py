"""`serverful report`: reports a run that was judged before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from serverful.cli.asked import PIPED, formats_option, level_of, look_options, piped_in
from serverful.cli.group import commands
from serverful.cli.reports import write_reports
from serverful.cli.speech import at_terminal, is_painted, width
from serverful.errors import UsageError

if TYPE_CHECKING:
    from serverful.record.v1 import RunV1


@commands.command()
@click.argument("records", metavar="RUN.json...", nargs=-1, required=True)
@formats_option
@click.option(
    "--fail-on",
    type=click.Choice(["INFO", "LOW", "MEDIUM", "HIGH", "never"], case_sensitive=False),
    metavar="LEVEL",
    help="INFO, LOW, MEDIUM, HIGH or never: the least severity of a finding that ends with exit code 1. "
    "Unless given: the level that was recorded (the strictest of several; MEDIUM in what Checkov leaves).",
)
@look_options
def report(records: tuple[str, ...], formats: tuple[str, ...], fail_on: str | None, verbose: bool, quiet: bool) -> int:
    """Report a run that was judged before, in any format: what `serverful scan --format json=RUN.json` has written, or Checkov with
    SERVERFUL_RESULT=RUN.json in its environment. Reads no Terraform and judges nothing.

    Several records are reported as one; give the oldest first, since what was judged again in a later one counts. `-` is standard input.

    \b
    Exit codes:
      0  clean: no finding at or above --fail-on
      1  findings at or above --fail-on
      2  we could not do our work: then, when it was judged, or now, as a
         record could not be read or a report not be written
    """
    from functools import reduce

    from serverful.outputs import outputs_of
    from serverful.record.joined import decided, joined, remarked
    from serverful.report.formats import FORMATS, Look

    outputs = outputs_of(formats or ("console",), tuple(FORMATS))
    record = reduce(joined, _records(records))
    # Decided anew, also at the recorded level: what a record says of itself is believed as little as it can be.
    record = decided(record, level_of(fail_on if fail_on is not None else record.decision.fail_on))
    record = remarked(record, ", ".join(records))
    write_reports(record, outputs, Look(width=width(), painted=is_painted(), folds=at_terminal(), verbose=verbose, quiet=quiet))
    return record.decision.exit_code


def _records(names: Sequence[str]) -> list[RunV1]:
    """Every record, read. Raises UsageError that names each which cannot be: half of them would be half a report."""
    from serverful.record.read import read_record, record_from

    if names.count(PIPED) > 1:
        raise UsageError("`-` stands for standard input, which holds one record, and is given more than once.")
    records, faults = [], []
    for name in names:
        try:
            if name == PIPED:
                records.append(record_from(piped_in("serverful scan --format json . | serverful report -").read(), "standard input"))
            else:
                records.append(read_record(Path(name)))
        except UsageError as error:
            faults.append(str(error))
    if faults:
        raise UsageError("\n".join(faults))
    return records
