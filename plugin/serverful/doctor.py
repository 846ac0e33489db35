"""Examines the installation: is everything here, does it work, and how is it mended? Reports; installs and changes nothing."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from importlib import metadata
from pathlib import Path

from serverful.distribution import requirements
from serverful.errors import ServerfulError
from serverful.estate.settings import FILE_NAME, Settings, Thresholds
from serverful.plan_source import source_folder
from serverful.settings_file import Named
from serverful.wording import counted

# Double quotes serve every shell, cmd.exe as well.
_PYTHON = f'"{sys.executable}"' if " " in sys.executable else sys.executable
_PIP = f"{_PYTHON} -m pip"

# A root that only a working evaluation reads rightly: a count, a variable and some arithmetic.
_PROBE = """\
variable "memory" {
  default = 128
}

resource "aws_lambda_function" "probe" {
  count       = var.memory > 1 ? 1 : 0
  memory_size = var.memory * 2
}
"""


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing we looked at. `mend` holds the exact commands, in order; empty when it is well or when no command mends it."""

    name: str
    is_well: bool
    says: str
    mend: tuple[str, ...] = ()


def examine(folder: Path, config: Named | None = None, source: Named | None = None) -> list[Examined]:
    """Everything, in the order in which one thing rests on the other.

    The settings are those that count for `folder`; `config` is the file that somebody named instead, `source` the folder of plans.
    """
    examined = [examine_python(sys.version_info[:3]), *examine_requirements(requirements()), examine_hcl2()]
    unwell = {one.name for one in examined if not one.is_well}
    for name, needs, look in (
        ("checkov starts", {"checkov", "hcl2"}, examine_checkov),
        ("source is parsed", {"tree-sitter", "tree-sitter-hcl"}, examine_source_parser),
        ("Terraform is evaluated", {"tfparse"}, examine_evaluation),
        ("policies load", {"python"}, examine_policies),
        ("settings", {"pyyaml", "pydantic"}, lambda: examine_settings(folder, config)),
    ):
        # What rests on something ill is not tried: its symptom would only add a second cure for the first illness.
        missing = sorted(needs & unwell)
        examined.append(Examined(name, False, f"not tried: {' and '.join(missing)} first") if missing else look())
    return [*examined, *([examine_source(source)] if source is not None else [])]


def examine_python(version: tuple[int, ...]) -> Examined:
    """Older interpreters do not fail on a newer policy file: Checkov leaves it out, and nobody sees that it is absent."""
    says = f"{'.'.join(map(str, version))} ({sys.executable})"
    if version >= (3, 11):
        return Examined("python", True, says)
    return Examined("python", False, f"{says}; serverful needs 3.11 or newer")


def examine_requirements(stated: Sequence[str]) -> Iterator[Examined]:
    """Each requirement: installed, and within its range?"""
    if not stated:
        yield Examined(
            "requirements",
            False,
            "neither setup.cfg nor installed metadata says what serverful needs; install it again, or take a whole clone",
        )
    for requirement in stated:
        match = re.match(r"\s*([A-Za-z0-9._-]+)\s*\(?([^;)]*)", requirement)
        if match is None:
            yield Examined(requirement, False, "this requirement cannot be read")
            continue
        name, wanted = match[1], match[2].replace(" ", "")
        mend = (f'{_PIP} install "{name}{wanted}"',)
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Examined(name, False, f"not installed; wanted {wanted}", mend)
            continue
        if is_within(installed, wanted):
            yield Examined(name, True, f"{installed} (wanted {wanted})")
        else:
            yield Examined(name, False, f"{installed} is outside {wanted}", mend)


def is_within(version: str, wanted: str) -> bool:
    """Whether a release lies in a range of `>=`, `>`, `<=`, `<`, `==`, `!=` parts. Compares numbers only: `3.4rc1` counts as `3.4`.

    Written here because `packaging` is Checkov's requirement, not ours, and this must work where Checkov is missing.
    """
    compare = {
        ">=": lambda a, b: a >= b,
        ">": lambda a, b: a > b,
        "<=": lambda a, b: a <= b,
        "<": lambda a, b: a < b,
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
    }
    for part in filter(None, wanted.split(",")):
        match = re.fullmatch(r"(>=|<=|==|!=|>|<)([0-9.]+)", part)
        if match is None or not compare[match[1]](_release(version), _release(match[2])):
            return False
    return True


def _release(version: str) -> tuple[int, ...]:
    """`3.3.30` -> (3, 3, 30), without trailing zeros, so that 4 and 4.0 are one."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in match[0].split(".")] if match else [0]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def examine_hcl2(path: Sequence[str] | None = None) -> Examined:
    """Whether Checkov's parser is the one Checkov brings: `bc-python-hcl2` and `python-hcl2` install into the same folder, `hcl2`.

    Whoever is installed last wins, and with `python-hcl2` Checkov stops with an ImportError. The files are compared with what
    `bc-python-hcl2` recorded when it was installed. `path` is where to look for distributions; the interpreter's own by default.
    """
    found: dict[str, metadata.Distribution] = {}
    for distribution in metadata.distributions(path=list(path)) if path is not None else metadata.distributions():
        found.setdefault(re.sub(r"[-_.]+", "-", distribution.name or "").lower(), distribution)
    ours, other = found.get("bc-python-hcl2"), found.get("python-hcl2")
    remove = (f"{_PIP} uninstall -y python-hcl2",) if other else ()
    if ours is None:
        mend = (*remove, f"{_PIP} install --force-reinstall --no-deps bc-python-hcl2")
        return Examined("hcl2", False, "bc-python-hcl2, with which Checkov reads Terraform, is not installed", mend)
    mend = (*remove, f"{_PIP} install --force-reinstall --no-deps bc-python-hcl2=={ours.version}")
    if changed := _changed(ours):
        by = f"python-hcl2 {other.version} has overwritten" if other else "something has changed or removed"
        return Examined("hcl2", False, f"{by} files of bc-python-hcl2 {ours.version}: {', '.join(changed)}; Checkov cannot start", mend)
    if other:
        says = f"bc-python-hcl2 {ours.version} is whole, but python-hcl2 {other.version} claims its files; updating it breaks Checkov"
        return Examined("hcl2", False, says, mend)
    return Examined("hcl2", True, f"bc-python-hcl2 {ours.version}, files as installed")


def _changed(distribution: metadata.Distribution) -> list[str]:
    """The recorded files under `hcl2/` that are missing or differ from their recorded SHA-256 (RECORD, "Recording installed projects").

    RECORD is read as it stands: since Python 3.12 `Distribution.files` leaves out the files that are missing.
    """
    changed = []
    for row in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
        name, recorded = (*row, "", "")[:2]
        if not name.startswith("hcl2/") or not recorded.startswith("sha256="):
            continue
        try:
            digest = hashlib.sha256(Path(str(distribution.locate_file(name))).read_bytes()).digest()
        except OSError:
            changed.append(name)
            continue
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != recorded.removeprefix("sha256="):
            changed.append(name)
    return changed


def examine_checkov() -> Examined:
    """Whether Checkov starts, in a process of its own: it is the host of the other door, and only `host/` imports it."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "checkov.main", "--version"], capture_output=True, text=True, errors="replace", timeout=120, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Examined("checkov starts", False, f"it does not: {error}")
    if done.returncode == 0:
        return Examined("checkov starts", True, f"checkov --version says {done.stdout.strip()}")
    last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "no message")
    return Examined("checkov starts", False, f"it does not: {last.strip()}", (f"{_PIP} install --force-reinstall checkov",))


def examine_source_parser() -> Examined:
    """Whether tree-sitter-hcl parses the probe, and says so where text is no Terraform."""
    try:
        import tree_sitter
        import tree_sitter_hcl

        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    except (ImportError, ValueError, TypeError) as error:  # missing, or a grammar that this tree-sitter cannot load
        return Examined("source is parsed", False, str(error), (f"{_PIP} install --upgrade tree-sitter tree-sitter-hcl",))
    good, bad = parser.parse(_PROBE.encode()).root_node, parser.parse(b'resource "a" {').root_node
    if good.has_error or not bad.has_error:
        return Examined(
            "source is parsed",
            False,
            "tree-sitter-hcl does not parse a small example rightly",
            (f"{_PIP} install --upgrade tree-sitter-hcl",),
        )
    return Examined("source is parsed", True, "tree-sitter-hcl parses a small example, and sees where one is broken")


def examine_evaluation() -> Examined:
    """Whether tfparse evaluates the probe, through the same worker that scans use."""
    mend = (f"{_PIP} install --force-reinstall tfparse",)
    try:
        from serverful.estate.read.evaluate import Request, evaluate

        with tempfile.TemporaryDirectory(prefix="serverful-doctor-") as folder:
            Path(folder, "main.tf").write_text(_PROBE, encoding="utf-8")
            [evaluation] = evaluate([Request(Path(folder).resolve())])
    except (ServerfulError, ImportError, OSError) as error:
        return Examined("Terraform is evaluated", False, str(error), mend)
    if evaluation.failure is not None:
        return Examined("Terraform is evaluated", False, f"tfparse {evaluation.failure.kind}: {evaluation.failure.says}", mend)
    memory = evaluation.blocks.get("aws_lambda_function.probe[0]", {}).get("memory_size")
    if memory != 256:
        return Examined(
            "Terraform is evaluated", False, f"tfparse gives {memory!r} where 256 is right; it has {sorted(evaluation.blocks)}", mend
        )
    return Examined("Terraform is evaluated", True, "tfparse evaluates a small example rightly")


def examine_policies() -> Examined:
    """Whether every policy that ought to be there loads."""
    from serverful import catalogue

    try:
        policies = catalogue.load()
    except ServerfulError as error:
        return Examined("policies load", False, str(error))
    return Examined("policies load", True, f"{len(policies)}: {', '.join(policy.id for policy in policies)}")


def examine_settings(folder: Path, config: Named | None = None) -> Examined:
    """Which settings file counts for a folder, and whether it is well."""
    from serverful.estate.read.roots import base_of
    from serverful.settings_file import file_for, settings_for

    try:
        file = file_for([folder], config)
        settings = settings_for([folder], base_of([folder]), config)
    except ServerfulError as error:
        return Examined("settings", False, str(error))
    if file is None:
        return Examined("settings", True, f"no {FILE_NAME} from here upwards; the defaults count")
    by = f", named by {config.by}" if config else ""
    return Examined("settings", True, f"{file}{by}: {counted(len(settings.reasons), 'reason')}, {_changed_thresholds(settings)}")


def examine_source(source: Named) -> Examined:
    """Whether the folder that plans are said to be made from can be."""
    try:
        folder = source_folder(source)
    except ServerfulError as error:
        return Examined("source of plans", False, str(error))
    return Examined("source of plans", True, f"{folder}, named by {source.by}: plans are judged beside it")


def _changed_thresholds(settings: Settings) -> str:
    changed = [field.name for field in fields(Thresholds) if getattr(settings.thresholds, field.name) != field.default]
    return f"{counted(len(changed), 'threshold')} of your own" + (f" ({', '.join(changed)})" if changed else "")
