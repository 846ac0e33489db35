"""The command line: arguments in, text and an exit code out. Decides nothing itself; the only module that prints.

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 we could not do our work, 130 interrupted.
Everything heavy is imported inside the command that needs it, so that `--help` is quick and JSON needs no terminal library.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn, TypeVar

import click

from serverful.errors import ServerfulError, UsageError

if TYPE_CHECKING:
    from serverful.outputs import Output
    from serverful.policy import Severity
    from serverful.record.v1 import RunV1
    from serverful.report.formats import Look

_FAILED, _INTERRUPTED = 2, 130

_DAY = "SERVERFUL_TODAY"
_PIPED = "-"  # the path that stands for standard input
_WIDE = 100  # columns, where no terminal says how many

Command = TypeVar("Command", bound=Callable[..., object])


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
        return _FAILED
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except ServerfulError as error:
        _complain(str(error))
        return _FAILED
    except Exception as error:
        # Python itself would end with 1, which says "findings". A fault of ours says "we could not do our work", and never nothing.
        if switches["debug"]:
            traceback.print_exc()
        _complain(_own_fault(error))
        return _FAILED


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

        _say(f"serverful {stated()}")
        context.exit(0)
    if context.invoked_subcommand is None:
        # Not 0: a pipeline that lost its argument would be green for ever.
        _complain(context.get_help())
        return _FAILED
    return None


def _formats(command: Command) -> Command:
    """The option --format, for every command that reports a run."""
    return click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="NAME[=FILE]",
        help="How to report: console (the default), json, sarif, junit, gitlab, github or markdown; to standard output, or to FILE. "
        "May be given several times: --format sarif=out.sarif --format console.",
    )(command)


def _looks(command: Command) -> Command:
    """How the console tells it."""
    verbose = click.option("-v", "--verbose", is_flag=True, help="On the console, everything in full, and also what passed.")
    quiet = click.option("-q", "--quiet", is_flag=True, help="On the console, the verdict and a line for each finding.")
    return verbose(quiet(command))


@commands.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@_formats
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
    "--skip-path", multiple=True, metavar="REGEX", help="Leave out files and folders whose path matches, as Checkov's --skip-path does."
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
    "--var-file",
    "var_files",
    multiple=True,
    metavar="FILE",
    help="A .tfvars file whose values count in every root, as terraform -var-file.",
)
@click.option(
    "--config",
    metavar="FILE",
    help="The settings file. Unless given: SERVERFUL_CONFIG, else the first .serverful.yaml from the scanned path upwards.",
)
@click.option(
    "--source",
    metavar="DIR",
    help="The folder that the plan was made from: findings then say file and line, and reasons in comments count. "
    "Unless given: SERVERFUL_SOURCE.",
)
@_looks
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
    today = _today()
    level = _level(fail_on)
    run = scan_paths(
        [Path(path) for path in paths if path != _PIPED],
        today=today,
        check=_words(check),
        skip_check=_words(skip_check),
        skip_path=skip_path,
        var_files=var_files,
        config=named(os.environ, config),
        source=named_source(os.environ, source),
        piped=_piped("terraform show -json tfplan | serverful scan -") if _is_piped(paths) else None,
    )
    record = record_of(run, fail_on=level, today=today, tool_version=version())
    _report(record, outputs, Look(width=_width(), painted=_is_painted(), verbose=verbose, quiet=quiet))
    return record.decision.exit_code


@commands.command()
@click.argument("records", metavar="RUN.json...", nargs=-1, required=True)
@_formats
@click.option(
    "--fail-on",
    type=click.Choice(["INFO", "LOW", "MEDIUM", "HIGH", "never"], case_sensitive=False),
    metavar="LEVEL",
    help="INFO, LOW, MEDIUM, HIGH or never: the least severity of a finding that ends with exit code 1. "
    "Unless given: the level that was recorded (the strictest of several; MEDIUM in what Checkov leaves).",
)
@_looks
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
    if fail_on is not None:
        record = decided(record, _level(fail_on))
    record = remarked(record, ", ".join(records))
    _report(record, outputs, Look(width=_width(), painted=_is_painted(), verbose=verbose, quiet=quiet))
    return record.decision.exit_code


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
        _say(str(catalogue.policies_folder()))
        return 0
    if wants_config:
        _say(str(catalogue.checkov_config()))
        return 0
    loaded = catalogue.load()
    if format_ == "json":
        _say(policies_to_json(loaded))
    else:
        _say(policies_to_console(loaded, width=_width(), painted=_is_painted()))
    return 0


@commands.command()
@click.argument("id", metavar="ID")
def explain(id: str) -> int:
    """Print the page of a policy: what it asks, why, what is better, how to answer."""
    from serverful.explain import explain as page_of

    page = page_of(id)
    if _is_painted():
        from serverful.report.page import paint_markdown

        page = paint_markdown(page, _width())
    _say(page.rstrip("\n"))
    return 0


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

    lines = reason_lines(address, category=category, until=until, owner=owner, today=_today(), text=text, feature=feature)
    _say(f"One of these, {harmless(lines.where)}\n")
    if lines.tag is None:
        _say(f"  as a tag: not possible; {harmless(lines.no_tag)}\n")
    else:
        _say(f"  as a tag, inside `tags = {{ ... }}`:\n    {lines.tag}\n")
    _say(f"  as a comment, anywhere inside the block (a plan holds none, so it counts there only with --source):\n    {lines.comment}\n")
    _say("Or, where the Terraform is not yours to change, in .serverful.yaml, below `reasons:`\n")
    _say("\n".join(f"    {line}" for line in lines.entry))
    return 0


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
    _say(schema_of())
    return 0


@commands.command()
def doctor() -> int:
    """Examine the installation: what is here, whether it works, how to mend it; and the settings that count in this folder.

    Exit codes: 0 all is well, 2 something is not.
    """
    from serverful.doctor import examine
    from serverful.plan_source import named_source
    from serverful.report.doctor import examined_to_console
    from serverful.settings_file import named

    examined = examine(Path.cwd(), named(os.environ), named_source(os.environ))
    _say(examined_to_console(examined, width=_width(), painted=_is_painted()))
    return 0 if all(one.is_well for one in examined) else _FAILED


def _records(names: Sequence[str]) -> list[RunV1]:
    """Every record, read. Raises UsageError that names each which cannot be: half of them would be half a report."""
    from serverful.record.read import read_record, record_from

    if names.count(_PIPED) > 1:
        raise UsageError("`-` stands for standard input, which holds one record, and is given more than once.")
    records, faults = [], []
    for name in names:
        try:
            if name == _PIPED:
                records.append(record_from(_piped("serverful scan --format json . | serverful report -").read(), "standard input"))
            else:
                records.append(read_record(Path(name)))
        except UsageError as error:
            faults.append(str(error))
    if faults:
        raise UsageError("\n".join(faults))
    return records


def _level(fail_on: str) -> Severity | None:
    from serverful.policy import Severity

    return None if fail_on.lower() == "never" else Severity[fail_on.upper()]


def _report(record: RunV1, outputs: Sequence[Output], look: Look) -> None:
    """Writes every report. Raises UsageError at the end where one could not be written; the others are."""
    from serverful.outputs import write
    from serverful.report.formats import render

    faults = []
    for output in outputs:
        try:
            if output.file is None:
                _say_all(render(output.format, record, look))
            else:
                # In a file nobody's terminal decides.
                write(output.file, render(output.format, record, replace(look, painted=False, width=_WIDE)))
        except UsageError as error:
            faults.append(str(error))
        except Exception as error:
            # Broad on purpose (ARCHITECTURE.md, "Broken is never green"): a fault in one format must not cost the others.
            logging.getLogger(__name__).exception("the report %s failed", output.format)
            faults.append(f"The report {output.format} failed. {_own_fault(error)}")
    if faults:
        raise UsageError("\n".join(faults))


def _today() -> date:
    """The day of this run: SERVERFUL_TODAY when it is set, else the clock's. Raises UsageError for a value that is no day."""
    stated = os.environ.get(_DAY, "")
    if not stated:
        return date.today()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", stated):  # fromisoformat alone would also take 20261123 and 2026-W48-1
            return date.fromisoformat(stated)
    except ValueError:
        pass
    raise UsageError(f"{_DAY}={stated!r} is no day. Write it as YYYY-MM-DD, or unset it to use today.")


def _is_piped(paths: Sequence[str]) -> bool:
    """Whether a plan is to be read from standard input. Raises UsageError where that is asked for twice: there is only one."""
    if paths.count(_PIPED) > 1:
        raise UsageError("`-` stands for standard input, which holds one plan, and is given more than once.")
    return _PIPED in paths


def _piped(how: str) -> BinaryIO:
    """What is piped in, as bytes. Raises UsageError where nothing is: to wait for somebody to type it would look like a hang."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        raise UsageError(f"`-` reads from standard input, and nothing is piped into it. Pipe one: {how}")
    return sys.stdin.buffer


def _words(values: Sequence[str]) -> list[str]:
    """`("SLS_VPC_1,SLS_IP_1", "HIGH")` -> three words, as Checkov splits them."""
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _is_painted() -> bool:
    """Colours only for a person at a terminal who did not refuse them (NO_COLOR, see no-color.org)."""
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    """As wide as the terminal, within what reads well; 100 in a log."""
    if sys.stdout is None or not sys.stdout.isatty():
        return _WIDE
    return max(60, min(shutil.get_terminal_size().columns, 110))


def _say(text: str) -> None:
    """Prints a text to stdout."""
    _say_all((text,))


def _say_all(pieces: Iterable[str]) -> None:
    """Prints the pieces of one text to stdout, each as it is made.

    A reader who has seen enough (`| head`) ends the printing, not the verdict: the exit code stays what it is. Raises UsageError where
    there is nowhere to print to.
    """
    if sys.stdout is None:  # closed by whoever started us (`>&-`); print would pass over it
        raise UsageError("The report could not be written: standard output is closed.")
    try:
        for piece in pieces:
            print(piece, end="")
        print(flush=True)
    except BrokenPipeError:
        # What is still buffered would fail again when the interpreter ends, and say so.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise UsageError(f"The report could not be written: {error.strerror}.") from error


def _complain(text: str) -> None:
    print(text, file=sys.stderr)


def _own_fault(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    from serverful.report.text import harmless

    return (
        f"serverful itself failed{where}: {type(error).__name__}: {harmless(str(error))}\n"
        "Nothing was judged. This is a fault of serverful, not of your Terraform; `serverful --debug ...` shows where it happened."
    )
