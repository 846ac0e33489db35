"""Paths in, estates out: one per root, with what could not be read named beside it.

Source and following come first; a root is evaluated (by tfparse) only where they leave something open that a function alone decides.
Evaluation may make an estate surer, never different: a root on which it fails is judged with more unknowns, and the failure is named.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.collecting import seldom_collecting
from serverful.errors import ReadingUnavailable
from serverful.estate.estate import Estate
from serverful.estate.read.build import parts_of
from serverful.estate.read.outputs import outputs
from serverful.estate.read.root import Folders, Root, relative
from serverful.estate.read.roots import base_of, find, is_child, is_ours, roots
from serverful.estate.read.source import SourceFolder, SourceProblem
from serverful.estate.read.source_files import read_folder
from serverful.estate.read.source_hcl import INSTALL, parser
from serverful.estate.read.tree import Module
from serverful.estate.read.variables import read_assignments_of, variable_files
from serverful.estate.settings import Settings
from serverful.finding import Trouble
from serverful.progress import Watcher, nobody, watched

if TYPE_CHECKING:
    from serverful.estate.read.evaluate import Evaluation, Failure, Request

log = logging.getLogger(__name__)


_REPORT = "This is a fault of serverful, not of your Terraform: please report it with the folder, and skip it with --skip-path until then."


@dataclass(frozen=True)
class RootReading:
    """One root: its estate (None when nothing of it could be read) and its troubles."""

    root: str
    estate: Estate | None
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class Reading:
    """Everything under the scanned paths. `troubles` are those of no single root; `unread` is what is seen and not ours to read.

    `settings` are those of the run, and `settings_below` the settings files that stand under the scanned paths, relative to the base.
    """

    roots: tuple[RootReading, ...]
    troubles: tuple[Trouble, ...]
    unread: tuple[str, ...]
    base: Path
    settings: Settings = field(default_factory=Settings)
    settings_below: tuple[str, ...] = ()


@dataclass
class _Read:
    """A root between its two passes."""

    root: Root
    module: Module
    estate: Estate
    problems: list[SourceProblem]


def joined(planned: Reading, read: Reading | None) -> Reading:
    """What plans and what folders tell, as one reading, with the base and the settings of the folders where there are any."""
    return replace(read, roots=(*planned.roots, *read.roots), troubles=(*planned.troubles, *read.troubles)) if read else planned


def check_available() -> None:
    """Raise ReadingUnavailable, with the line that mends it, when tfparse or the grammar is not installed."""
    missing = [name for name in ("tfparse", "tree-sitter", "tree-sitter-hcl") if find_spec(name.replace("-", "_")) is None]
    if missing:
        raise ReadingUnavailable(f"Terraform cannot be read: {', '.join(missing)} not installed beside Checkov. {INSTALL}")
    parser()


def read(
    paths: Sequence[Path],
    *,
    today: date,
    skip: Sequence[str] = (),
    var_files: Sequence[str] = (),
    settings: Settings | None = None,
    watcher: Watcher = nobody,
) -> Reading:
    """Read every root under the paths. Raises ReadingUnavailable; nothing that stands in a file makes it raise.

    The variables files of `settings` count in every root, and those of `var_files` after them.
    """
    check_available()
    settings = settings or Settings()
    with deep_stack(), seldom_collecting():
        return _read_all(paths, today=today, skip=skip, var_files=(*settings.var_files, *var_files), settings=settings, watcher=watcher)


@contextmanager
def deep_stack() -> Iterator[None]:
    """Following is recursive: names within names, expressions within expressions, both bounded. Python's default is too small for both."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 10_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _read_all(
    paths: Sequence[Path], *, today: date, skip: Sequence[str], var_files: Sequence[str], settings: Settings, watcher: Watcher
) -> Reading:
    base = base_of([path for path in paths if path.exists()] or [Path()])
    found = find(paths, base, skip)
    folders = Folders(_read_folder)
    free, circular = roots(found.folders, folders)
    named = [Path(name).resolve() for name in var_files]
    reads = [_if_done(_first_pass(path, base, folders, today, named)) for path in watched(free, "Reading roots", watcher)]
    watcher("Evaluating roots", 0, len(reads))
    _second_pass([one for one in reads if isinstance(one, _Read)], today, named)
    troubles = [*found.troubles, *(_circle(folder, base) for folder in circular)]
    done = [one if isinstance(one, RootReading) else _reading(one) for one in reads]
    is_whole = not skip and _is_whole(paths, base, settings) and all(one.estate is not None for one in done)
    settings = replace(settings, is_partial=not is_whole)
    return Reading(
        tuple(replace(one, estate=replace(one.estate, settings=settings)) if one.estate is not None else one for one in done),
        tuple(troubles),
        tuple(found.unread),
        base,
        settings,
        tuple(sorted(found.settings)),
    )


def _is_whole(paths: Sequence[Path], base: Path, settings: Settings) -> bool:
    """Whether everything is scanned that the settings may speak of: all below the base, and their file stands there too."""
    is_inside = not Path(settings.file).is_absolute() and not settings.file.startswith("../")
    return is_inside and any(base.is_relative_to(path.resolve()) for path in paths)


def _read_folder(path: Path) -> SourceFolder:
    """The blocks of a folder; where that is beyond us, the folder is its own problem, and all others are read."""
    try:
        return read_folder(path)
    except Exception as error:  # as below
        log.exception("could not read the files of %s", path)
        what = f"could not be read: serverful itself failed ({type(error).__name__}: {error})."
        return SourceFolder(path, problems=[SourceProblem(path, 0, what, is_dangerous=True, mend=_REPORT)])


def _first_pass(path: Path, base: Path, folders: Folders, today: date, named: Sequence[Path]) -> _Read | RootReading:
    """Read one root; a fault of ours in it is its trouble, and the others are read."""
    try:
        source = folders.get(path)
        problems: list[SourceProblem] = []
        assignments = read_assignments_of(variable_files(path, named), problems)
        root = Root(path, base, folders, assignments, is_child(source) and not named)
        return _built(root, problems, today)
    except Exception as error:  # as in judge.py and host/: broken is never green, and one root never takes the others with it
        log.exception("could not read %s", path)
        return RootReading(relative(path, base), None, (_fault(relative(path, base), error),))


def _if_done(one: _Read | RootReading) -> _Read | RootReading:
    """What is ready, once it is: a root keeps its blocks, which are many, only for the second pass."""
    return _reading(one) if isinstance(one, _Read) and not one.root.needs_evaluation else one


def _fault(root: str, error: Exception) -> Trouble:
    what = f"could not be read: serverful itself failed ({type(error).__name__}: {error})."
    return Trouble(root, what, "Nothing in it was judged.", _REPORT, root)


def _built(root: Root, problems: list[SourceProblem], today: date) -> _Read:
    module = Module(root, root.folders.get(root.path))
    blocks = list(module.all_blocks()) if is_ours(module.source, root.folders) else []
    seen = {folder.path: folder for folder in module.all_folders()}
    everything = [*problems, *(problem for folder in seen.values() for problem in folder.problems)]
    broken = tuple(dict.fromkeys(relative(problem.file, root.base) for problem in everything if problem.hides))
    made = parts_of(blocks)
    estate = Estate(
        root.name,
        made.things,
        today,
        root.is_child,
        unreadable=broken,
        invocations=made.invocations,
        outputs=outputs(module) if blocks else (),
        entries=made.entries,
        resource_policies=made.resource_policies,
        reliefs=made.reliefs,
    )
    return _Read(root, module, estate, [*everything, *root.problems])


def _second_pass(open_reads: Sequence[_Read], today: date, named: Sequence[Path]) -> None:
    """Evaluate the roots that want it, and read them again with what it says."""
    if not open_reads:
        return
    evaluations = evaluate([_request(one, named) for one in open_reads])
    for one, evaluation in zip(open_reads, evaluations, strict=True):
        if evaluation.failure is None:
            _again(one, evaluation, today)
        else:
            one.problems.append(SourceProblem(one.root.path, 0, _failed(evaluation.failure)))
            one.estate = replace(one.estate, evaluated=False)


def evaluate(requests: Sequence[Request]) -> list[Evaluation]:
    """`evaluate.evaluate`, imported when it is first needed: most runs start no process."""
    from serverful.estate.read import evaluate as evaluation

    return evaluation.evaluate(requests)


def _request(one: _Read, named: Sequence[Path]) -> Request:
    from serverful.estate.read.evaluate import Request

    files = tuple(relative(path, one.root.path) for path in variable_files(one.root.path, named))
    refused = next((problem.says for problem in one.problems if problem.is_dangerous), None)
    return Request(one.root.path, files, refused)


def _again(one: _Read, evaluation: Evaluation, today: date) -> None:
    root = Root(one.root.path, one.root.base, one.root.folders, one.root.assignments, one.root.is_child, evaluation)
    built = _built(root, [], today)
    one.root, one.module, one.estate = built.root, built.module, built.estate
    one.problems = list(dict.fromkeys([*one.problems, *built.problems]))


def _failed(failure: Failure) -> str:
    return f"could not be evaluated ({failure.kind}): {failure.says.rstrip('.')}."


def _reading(one: _Read) -> RootReading:
    return RootReading(one.root.name, one.estate, tuple(_trouble(one.root, problem) for problem in dict.fromkeys(one.problems)))


def _trouble(root: Root, problem: SourceProblem) -> Trouble:
    file = relative(problem.file, root.base)
    if problem.file == root.path:
        means = "What only evaluation can tell is undecided in this root; the rest is judged."
        mend = "Run `serverful doctor`; if it is well, simplify the expression or skip the folder with --skip-path."
    else:
        means = "What stands in it is not judged; what is missing because of it is not held against anybody."
        mend = "Mend the file (`terraform validate` names the spot), or skip its folder with --skip-path."
        if problem.line == 0:
            mend = "Save it as UTF-8 text that can be opened and is no larger, or skip its folder with --skip-path."
    mend = problem.mend or mend
    return Trouble(root.name, problem.says, means, mend, file, problem.line)


def _circle(folder: Path, base: Path) -> Trouble:
    shown = relative(folder, base)
    return Trouble(
        shown,
        "is part of a circle of modules that call each other.",
        "Nobody outside calls them, so none of them was judged.",
        "Remove one of the calls.",
        shown,
    )
