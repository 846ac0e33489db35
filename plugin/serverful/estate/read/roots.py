"""Which folders are roots: every folder with Terraform that no other scanned folder calls by a local path.

Folders are walked as Checkov walks them: hidden ones, `node_modules`, `.terraform` and `.serverless` are left out, links not followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from serverful.estate.read.root import Folders, relative
from serverful.estate.read.source import SourceFolder
from serverful.estate.read.source_files import SUFFIXES, terraform_files
from serverful.estate.read.tree import local_path
from serverful.estate.read.variables import variable_files
from serverful.estate.settings import FILE_NAME
from serverful.finding import Trouble

IGNORED = {"node_modules", ".terraform", ".serverless"}
OTHER_TOOLS = {"terragrunt.hcl": "Terragrunt", "root.hcl": "Terragrunt", "cdktf.json": "CDK for Terraform", "samconfig.toml": "AWS SAM"}


@dataclass
class Found:
    """The folders with Terraform under the scanned paths, what could not be entered, what is not ours to read, and settings files."""

    folders: list[Path] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)


def base_of(paths: Sequence[Path]) -> Path:
    """What places are relative to: the git top level of the scanned paths, else the scanned path itself (their common parent)."""
    folders = [path if path.is_dir() else path.parent for path in (path.resolve() for path in paths)]
    common = Path(os.path.commonpath(folders)) if folders else Path.cwd()
    for folder in (common, *common.parents):
        if (folder / ".git").exists():
            return folder
    return common


def find(paths: Sequence[Path], base: Path, skip: Sequence[str] = ()) -> Found:
    """Walk the paths. `skip` are regular expressions searched in a folder's path relative to the base, as with Checkov's --skip-path."""
    found = Found()
    patterns = [re.compile(pattern) for pattern in skip]
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            found.troubles.append(
                Trouble(str(path), "there is no such file or folder.", "Nothing of it was judged.", "Check the path.", str(path))
            )
            continue
        known_troubles = len(found.troubles)
        folders = list(_folders(path.resolve(), base, found))
        if not folders and len(found.troubles) == known_troubles:  # a folder that cannot be entered has been named already
            what, means = "holds no Terraform (.tf, .tofu or their JSON forms).", "There was nothing to judge in it."
            found.troubles.append(Trouble(str(path), what, means, "Name a folder that does, or leave it out.", str(path)))
        for folder in folders:
            shown = relative(folder, base)
            if folder in seen or any(pattern.search(shown) for pattern in patterns):
                continue
            seen.add(folder)
            found.folders.append(folder)
    found.folders.sort()
    return found


def _folders(path: Path, base: Path, found: Found) -> Iterator[Path]:
    if path.is_file():
        if path.name.endswith(SUFFIXES):
            yield path.parent
        return

    def closed(error: OSError) -> None:
        shown = relative(Path(str(error.filename)), base)
        what, means = f"cannot be entered: {error.strerror}.", "What is in it was not judged."
        found.troubles.append(Trouble(shown, what, means, "Give read permission, or skip it with --skip-path.", shown))

    for folder, names, files in os.walk(path, onerror=closed):
        names[:] = sorted(name for name in names if name not in IGNORED and not name.startswith("."))
        for name in sorted(set(files) & set(OTHER_TOOLS)):
            found.unread.append(f"{relative(Path(folder) / name, base)}: {OTHER_TOOLS[name]} is seen, not read")
        if FILE_NAME in files:
            found.settings.append(relative(Path(folder) / FILE_NAME, base))
        if any(name.endswith(SUFFIXES) for name in files):
            try:
                has_terraform = bool(terraform_files(Path(folder)))
            except OSError as error:
                closed(error)
            else:
                if has_terraform:
                    yield Path(folder)


def roots(folders: Sequence[Path], sources: Folders) -> tuple[list[Path], list[Path]]:
    """The folders nobody calls, and those that only call each other in a circle (so nobody outside ever reaches them)."""
    calls = {folder: _called(sources.get(folder)) for folder in folders}
    called = {target for targets in calls.values() for target in targets}
    free = [folder for folder in folders if folder not in called]
    reached: set[Path] = set()
    waiting = list(free)
    while waiting:
        folder = waiting.pop()
        if folder not in reached:
            reached.add(folder)
            waiting.extend(calls.get(folder) or _called(sources.get(folder)))
    return free, [folder for folder in folders if folder not in reached]


def _called(source: SourceFolder) -> set[Path]:
    targets = (local_path(call, source.path) for call in source.modules.values())
    return {target for target in targets if target is not None and target != source.path}


def is_child(source: SourceFolder) -> bool:
    """Whether an uncalled folder is a reusable module: variables, but no provider, no backend and no values for them."""
    return bool(source.variables) and not source.is_rootlike and not variable_files(source.path)


_ASKED_ABOUT = ("aws_lambda", "aws_eip", "aws_nat_gateway")


def is_ours(source: SourceFolder, sources: Folders) -> bool:
    """Whether a root can hold what we ask about: a Lambda resource in it or below, a module that is not here, an address.

    An address may be kept for functions of another root, and say so by its name.
    """
    seen: set[Path] = set()
    waiting = [source]
    while waiting:
        folder = waiting.pop()
        if folder.path in seen:
            continue
        seen.add(folder.path)
        if any(mode == "managed" and kind.startswith(_ASKED_ABOUT) for mode, kind, _ in folder.resources):
            return True
        for call in folder.modules.values():
            target = local_path(call, folder.path)
            if target is None:
                return True
            waiting.append(sources.get(target))
    return False
