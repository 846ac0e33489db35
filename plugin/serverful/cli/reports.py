"""Writes the reports of a record, each where it was asked for."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from serverful.cli.speech import WIDE, own_fault, say_all
from serverful.errors import UsageError

if TYPE_CHECKING:
    from serverful.outputs import Output
    from serverful.record.v1 import RunV1
    from serverful.report.formats import Look


def write_reports(record: RunV1, outputs: Sequence[Output], look: Look) -> None:
    """Writes every report. Raises UsageError at the end where one could not be written; the others are."""
    from serverful.outputs import write
    from serverful.report.formats import render

    faults = []
    for output in outputs:
        try:
            if output.file is None:
                say_all(render(output.format, record, look))
            else:
                # In a file nobody's terminal decides.
                write(output.file, render(output.format, record, replace(look, painted=False, folds=False, width=WIDE)))
        except UsageError as error:
            faults.append(str(error))
        except Exception as error:
            # Broad on purpose (ARCHITECTURE.md, "Broken is never green"): a fault in one format must not cost the others.
            logging.getLogger(__name__).exception("the report %s failed", output.format)
            faults.append(f"The report {output.format} failed. {own_fault(error)}")
    if faults:
        raise UsageError("\n".join(faults))
