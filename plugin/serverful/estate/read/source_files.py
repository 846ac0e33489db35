"""The list of what exists: every block of a folder's Terraform files, also where a file is broken.

Reads `.tf`, `.tofu` (which replaces a `.tf` of the same name), `.tf.json`, `.tofu.json` and override files, as Terraform's "Files and
Configuration Structure" and "Override Files" describe them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from serverful.estate.read import source_hcl, source_json
from serverful.estate.read.source import SourceAttribute, SourceBlock, SourceFolder, SourceProblem

MAX_FILE_BYTES = 5_000_000  # larger files are refused: tfparse needs 1.5 GB for 10 MB, and nobody writes them by hand
TREES_KEPT_BELOW_BYTES = 1_000_000
"""Source of one folder up to which an expression is made when somebody asks for it, which most never are. Until then it needs the syntax
tree of its file, and that takes 64 bytes for each byte of source: 700 MB for 5,000 functions with roles and groups of their own."""
SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")


def terraform_files(folder: Path) -> list[Path]:
    """The Terraform files of a folder in Terraform's order: ordinary ones by name, then overrides by name. Raises OSError."""
    with os.scandir(folder) as entries:
        names = sorted(e.name for e in entries if e.name.endswith(SUFFIXES) and not _is_ignored(e.name) and not _is_folder(e))
    present = set(names)
    names = [name for name in names if not (name.endswith(".tf") and f"{name[:-3]}.tofu" in present)]
    return [folder / name for name in sorted(names, key=lambda name: (is_override(name), name))]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: reading it will say so
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # named when it is read
        return 0


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~")


def is_override(name: str) -> bool:
    """Whether a file name is `override.tf` or ends in `_override.tf` (also .tofu, and JSON)."""
    stem = name.split(".", 1)[0]
    return stem == "override" or stem.endswith("_override")


def read_folder(folder: Path) -> SourceFolder:
    """All blocks of a folder. Never raises for what is in the files: what cannot be read is among `problems`."""
    result = SourceFolder(folder)
    try:
        paths = terraform_files(folder)
    except (FileNotFoundError, NotADirectoryError):  # whoever calls it says so, with the call's place
        return result
    except OSError as error:
        result.problems.append(SourceProblem(folder, 0, f"cannot be entered: {error.strerror or error}.", is_dangerous=True))
        return result
    is_large = sum(map(_size, paths)) > TREES_KEPT_BELOW_BYTES
    for path in paths:
        for block in _read_file(path, result.problems):
            if is_large:
                block.settle()
            result.add(block, is_override(path.name))
    return result


def read_assignments(path: Path, problems: list[SourceProblem]) -> dict[str, SourceAttribute]:
    """The `name = value` lines of a tfvars file."""
    text = read_text(path, problems)
    return {} if text is None else source_hcl.assignments(path, text.encode(), problems)


def _read_file(path: Path, problems: list[SourceProblem]) -> Sequence[SourceBlock]:
    text = read_text(path, problems)
    if text is None:
        return ()
    return source_json.blocks(path, text, problems) if path.name.endswith(".json") else source_hcl.blocks(path, text.encode(), problems)


def read_text(path: Path, problems: list[SourceProblem]) -> str | None:
    """The text of a file; None, and why among `problems`, where it cannot be had."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would keep us waiting for ever
            problems.append(SourceProblem(path, 0, "is no ordinary file.", is_dangerous=True))
            return None
        if (size := status.st_size) > MAX_FILE_BYTES:
            problems.append(SourceProblem(path, 0, f"is {size:,} bytes; files over {MAX_FILE_BYTES:,} are not read.", is_dangerous=True))
            return None
        raw = path.read_bytes()
    except OSError as error:
        problems.append(SourceProblem(path, 0, f"cannot be opened: {error.strerror or error}."))
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(SourceProblem(path, 0, "is UTF-16; Terraform reads UTF-8 only."))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(SourceProblem(path, raw[: error.start].count(b"\n") + 1, "is not UTF-8 text."))
        return None
    if "\0" in text:
        problems.append(SourceProblem(path, text[: text.index("\0")].count("\n") + 1, "is not text: it holds a NUL byte."))
        return None
    return text
