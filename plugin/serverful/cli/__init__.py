"""The command line: arguments in, text and an exit code out. Decides nothing itself; nothing else in serverful prints.

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 we could not do our work, 130 interrupted.
Everything heavy is imported inside the command that needs it, so that `--help` is quick and JSON needs no terminal library.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

import click

from serverful.cli import diagram, doctor, policies, reason, report, scan, schema
from serverful.cli.group import FAILED, commands
from serverful.cli.speech import complain, own_fault
from serverful.errors import ServerfulError

__all__ = ["commands", "diagram", "doctor", "main", "policies", "reason", "report", "run", "scan", "schema"]

INTERRUPTED = 130


def main() -> NoReturn:
    """The console command `serverful`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carries out one command and gives its exit code. What the caller can mend is one clear message on stderr."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or log that cannot show a character gets it written out; a report is not lost over an arrow.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    switches = {"debug": False}
    try:
        code = commands.main(args=list(arguments), prog_name="serverful", standalone_mode=False, obj=switches)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except ServerfulError as error:
        complain(str(error))
        return FAILED
    except Exception as error:
        # Python itself would end with 1, which says "findings". A fault of ours says "we could not do our work", and never nothing.
        if switches["debug"]:
            traceback.print_exc()
        complain(f"{own_fault(error)}\nWhat was asked for is not done, and that is no pass.")
        return FAILED
