"""Judges each of Checkov's graphs once, and answers every check from the result. Knows Checkov's graph, and nothing else of Checkov."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from serverful.catalogue import policy_files
from serverful.collecting import seldom_collecting
from serverful.day import stated_day
from serverful.errors import PolicyDefinitionError, ServerfulError, UsageError
from serverful.estate.estate import Estate
from serverful.finding import Finding, ReadKind, Run, Trouble
from serverful.host import trouble
from serverful.host.answers import NOTHING, Answer, Answers, answers, worst
from serverful.host.at_end import at_end
from serverful.host.graph import Graph, Node
from serverful.host.result import leave, result_file, unwritten
from serverful.natural import natural
from serverful.notes import not_here, notes_of
from serverful.policy import Policy
from serverful.report.text import harmless
from serverful.run_of import run_of, run_without_reading, troubles_of
from serverful.verdict import Outcome

if TYPE_CHECKING:
    from serverful.estate.read.reader import Reading

Read = Callable[[Path, date, Sequence[Path]], "Reading"]  # the scanned folder, today, the folders in it that are left out
ReadPlans = Callable[[Sequence[Path], date], "Reading"]
Judge = Callable[[Iterable[Estate], Sequence[Policy]], tuple[list[Finding], list[Trouble]]]

log = logging.getLogger(__name__)

# Folders that Checkov does not enter (runners/base_runner.py, 3.3.30: ignored_directories), beside every hidden one.
_NOT_ENTERED = frozenset({"node_modules", ".terraform", ".serverless"})


@dataclass(slots=True)
class Judged:
    """What we think of one graph. `carriers` are the blocks that show troubles; `dark` are roots of which nothing could be judged."""

    graph: Graph
    answers: Answers | None
    carriers: dict[tuple[str, str], list[Trouble]]
    dark: dict[Path, list[Trouble]]
    crashes: dict[tuple[str, str, str], Trouble] = field(default_factory=dict)  # (policy, root, address) -> what a policy raised
    told: set[Path] = field(default_factory=set)
    pages_url: str | None = None
    left: Left | None = None


@dataclass(slots=True)
class Left:
    """What was written to the file of SERVERFUL_RESULT about one graph: `run_of` makes its Run, with all policies or fewer.

    `asked` are the policies that Checkov has asked since (and SLS_RUN_1), `about` the keys of the blocks that it asked about.
    """

    run_of: Callable[[Sequence[Policy]], Run]
    policies: Sequence[Policy]
    file: Path
    today: date
    process: int = field(default_factory=os.getpid)
    asked: set[str] = field(default_factory=set)
    about: set[tuple[str, str]] = field(default_factory=set)

    def of_those_asked(self, graph: Graph, resources: Mapping[str, Collection[str]]) -> Run | None:
        """The Run without what Checkov was told to leave out (`--check`, `--skip-check`); None where that is nothing.

        Checkov tells no check its filters. A policy was left out when there was a block to ask it about and it was not asked; one that has
        no block here may have been wanted. Where Checkov was stopped on its way, nobody can tell, and everything stays.
        """
        of_all = trouble.ID in self.asked
        wanted = {resource for policy in self.asked & resources.keys() for resource in resources[policy]}
        if not self.about.issuperset(node.key for node in graph.nodes if of_all or node.type in wanted):
            return None
        there = {node.type for node in graph.nodes}
        chosen = [policy for policy in self.policies if policy.id in self.asked or there.isdisjoint(resources[policy.id])]
        return self.run_of(chosen) if len(chosen) < len(self.policies) else None

    def heard(self, id: str, node: Node) -> None:
        self.asked.add(id)
        self.about.add(node.key)


class Session:
    """The policies that Checkov has loaded, and what they say about the graph at hand.

    `read` and `judge` are ours unless told; they are imported when first needed, because policies must load without what reading needs.
    """

    def __init__(self, read: Read | None = None, judge: Judge | None = None, read_plans: ReadPlans | None = None) -> None:
        self.policies: dict[str, Policy] = {}
        self._resources: dict[str, frozenset[str]] = {}
        self._read = read or _read
        self._read_plans = read_plans or _read_plans
        self._judge = judge or _judge
        # One slot, compared by identity: Checkov asks all its questions about one graph before the next, and a graph of rustworkx can be
        # neither hashed by content nor weakly referenced.
        self._seen: Graph | None = None
        self._judged: Judged | None = None
        self._detached: set[str] = set()
        self._told_of_no_graph = False
        self._run_asked_about: object = None

    def add(self, policy: Policy, resources: Iterable[str] = ()) -> bool:
        """Take a policy in, with the types of blocks it asks about; False when it is there already (Checkov executes each file many times).

        Raises PolicyDefinitionError when another file has the same id: Checkov would drop it without a word.
        """
        known = self.policies.get(policy.id)
        if known is not None and known.file != policy.file:
            raise PolicyDefinitionError(f"{policy.id} stands in two files, {known.file} and {policy.file}; an id belongs to one policy")
        self.policies[policy.id] = policy
        self._resources[policy.id] = frozenset(resources)
        return known is None

    def answer(self, policy_id: str, graph: object, conf: object, scanned_file: str) -> Answer:
        """What a policy says about the block that Checkov asks about. Raises when we do not know the block; the adapter says that aloud."""
        if self._is_detached(graph, conf, scanned_file):
            return NOTHING
        if graph is None:
            return self._without_graph()
        judged = self._judge_once(graph, conf, scanned_file)
        node = _known(judged, conf, scanned_file)
        if judged.left is not None:
            judged.left.heard(policy_id, node)
        behind = judged.graph.behind(node)
        if self._run_asked_about is not conf:
            # SLS_RUN_1 is asked before every policy unless it is filtered out. Then a root of which nothing could be judged would be
            # silent, so the first policy that asks about it says so, once.
            for each in behind:
                if each.root in judged.dark and each.root not in judged.told:
                    judged.told.add(each.root)
                    return Answer(Outcome.FAILED, ("could not judge this resource:", *trouble.lines(judged.dark[each.root])))
        if judged.answers is None:
            return NOTHING
        for each in behind:
            crash = judged.crashes.get((policy_id, judged.answers.root_of(each), each.address))
            if crash is not None:
                return Answer(Outcome.FAILED, (f"could not judge this resource: {harmless(crash.what)}", f"  {harmless(crash.mend)}"))
        answer = worst([finding for each in behind for finding in judged.answers.of(policy_id, each)], judged.pages_url)
        if (answer.outcome is Outcome.JUSTIFIED or answer.is_skipped) and node is not behind[0]:
            return NOTHING  # Checkov merges equal records that passed or failed, but would show this one once per root
        return answer

    def run_answer(self, graph: object, conf: object, scanned_file: str) -> Answer:
        """What SLS_RUN_1 says: FAILED with the troubles of a root on the one block that shows them, nothing on all others."""
        self._run_asked_about = conf
        if self._is_detached(graph, conf, scanned_file):
            return NOTHING
        if graph is None:
            return self._without_graph()
        judged = self._judge_once(graph, conf, scanned_file)
        node = _known(judged, conf, scanned_file)
        if judged.left is not None:
            judged.left.heard(trouble.ID, node)
        troubles = judged.carriers.get(node.key)
        return Answer(Outcome.FAILED, tuple(trouble.lines(troubles))) if troubles else NOTHING

    def _is_detached(self, graph: object, conf: object, scanned_file: str) -> bool:
        """True for Terraform in JSON: Checkov's framework `terraform_json` asks about it without a graph, so nothing tells its root.

        Said aloud once per file and not as a trouble: such files are read and judged, with their root, by our own command.
        """
        if not scanned_file.endswith(".json") or (graph is not None and self._graph(graph).asked(conf, scanned_file) is not None):
            return False
        if scanned_file not in self._detached:
            self._detached.add(scanned_file)
            log.warning(
                "serverful judges %s only in `serverful scan`: Checkov does not say which root it belongs to", harmless(scanned_file)
            )
        return True

    def _without_graph(self) -> Answer:
        """Said once, by whoever is asked first: without a graph there are no roots to say it once for."""
        if self._told_of_no_graph:
            return NOTHING
        self._told_of_no_graph = True
        return Answer(Outcome.FAILED, tuple(trouble.lines([trouble.graphless()])))

    def _graph(self, graph: object) -> Graph:
        """The graph as we read it, read once."""
        if self._seen is None or self._seen.graph is not graph:
            self._seen = Graph(graph)
        return self._seen

    def _judge_once(self, graph: object, conf: object, scanned_file: str) -> Judged:
        if self._judged is None or self._judged.graph.graph is not graph:
            self.finish()
            self._judged = self._judge_graph(self._graph(graph), conf, scanned_file)
        return self._judged

    @seldom_collecting()
    def _judge_graph(self, graph: Graph, conf: object, scanned_file: str) -> Judged:
        asked = graph.asked(conf, scanned_file)
        if asked is None:
            raise LookupError("Checkov asked about a block that is not in its graph")
        with_function = {node.root for node in graph.nodes if node.type == trouble.FUNCTION}
        policies = sorted(self.policies.values(), key=lambda policy: natural(policy.id))
        paths: list[Path] = []
        skip: list[Path] = []
        try:
            if asked.is_planned:
                paths = graph.plans()
                reading = self._read_plans(paths, stated_day(os.environ))
            else:
                paths = [graph.scanned(asked, scanned_file)]
                skip = left_out(paths[0], graph.folders())
                reading = self._read(paths[0], stated_day(os.environ), skip)
            findings, troubles = self._judge([root.estate for root in reading.roots if root.estate is not None], policies)
            made = answers(reading, findings, troubles)
            for note in notes_of(reading):
                log.warning("serverful: %s", harmless(str(note)))
            if (unread := not_here(reading)) is not None:
                log.warning("serverful: %s", harmless(unread))
        except ServerfulError as error:
            return self._dark(graph, trouble.unavailable(error), with_function, policies, paths, asked)
        except Exception as error:
            # Broad on purpose: left to the adapter, it would be one record per policy and resource.
            log.exception("serverful could not read or judge %s", scanned_file)
            return self._dark(graph, [trouble.crashed(error)], with_function, policies, paths, asked)
        unseen, unloaded = _unseen(graph, made), self._unloaded()
        everything = [*troubles_of(reading), *troubles, *(one for _, one in unseen), *unloaded]

        def of(those: Sequence[Policy]) -> Run:
            ids = {policy.id for policy in those}
            return run_of(
                reading,
                [finding for finding in findings if finding.policy.id in ids],
                [one for one in everything if not one.policy or one.policy in ids],
                those,
                scanned=paths,
                kind="plan" if asked.is_planned else "source",
                plans=reading if asked.is_planned else None,
                has_source=_has_source(),
                left_out=[folder.resolve().as_posix() for folder in skip],
            )

        left, unleft = self._leave(of, policies)
        judged = _shown(graph, made, reading, with_function, unseen, [*made.general, *unloaded, *unleft])
        judged.pages_url = reading.settings.pages_url
        judged.left = left
        return judged

    def _dark(
        self,
        graph: Graph,
        troubles: list[Trouble],
        with_function: set[Path],
        policies: Sequence[Policy],
        paths: Sequence[Path],
        asked: Node,
    ) -> Judged:
        """Nothing of this graph could be judged. That is the record of it, too."""

        def of(those: Sequence[Policy]) -> Run:
            kind: ReadKind = "plan" if asked.is_planned else "source"
            return run_without_reading(troubles, those, scanned=paths or [asked.root], base=_base(paths or [asked.root]), kind=kind)

        _, unleft = self._leave(of, policies)
        dark = {root: [*troubles, *unleft] for root in with_function}
        return Judged(graph, None, trouble.carriers(graph.nodes, dark), dark)

    def _leave(self, of: Callable[[Sequence[Policy]], Run], policies: Sequence[Policy]) -> tuple[Left | None, list[Trouble]]:
        """Writes the record of a graph where SERVERFUL_RESULT asks for it; what was written, or why it could not be."""
        file = result_file(os.environ)
        if file is None:
            return None, []
        left = Left(of, policies, file, _day())
        try:
            leave(of(policies), left.today, file)
        except UsageError as error:
            log.error("serverful: %s", harmless(str(error)))
            return None, [unwritten(error, file)]
        except Exception as error:
            # Broad on purpose: a fault in the record must not cost the answers.
            log.exception("serverful could not leave its record in %s", file)
            return None, [unwritten(error, file)]
        at_end(self.finish)
        return left, []

    def finish(self) -> None:
        """Nothing more will be asked about the graph at hand: what Checkov was told to leave out is taken out of its record."""
        judged, self._judged = self._judged, None
        if judged is None or judged.left is None or judged.left.process != os.getpid():
            return
        left = judged.left
        try:
            run = left.of_those_asked(judged.graph, self._resources)
            if run is not None:
                leave(run, left.today, left.file)
        except Exception as error:
            # Broad on purpose: Checkov may be ending, and nobody is left to answer to. The record holds more than was asked for.
            log.exception("serverful: what was not asked could not be taken out of %s: %s", left.file, harmless(str(error)))

    def _unloaded(self) -> list[Trouble]:
        folders = {Path(policy.file).resolve().parent.parent for policy in self.policies.values()}
        return trouble.unloaded(self.policies.values(), [path for folder in sorted(folders) for path in policy_files(folder)])


def _day() -> date:
    """The day of a record, also of one which says that SERVERFUL_TODAY is none."""
    try:
        return stated_day(os.environ)
    except UsageError:
        return stated_day({})


def left_out(scanned: Path, folders: set[Path]) -> list[Path]:
    """Folders with Terraform that Checkov was told to leave out (`--skip-path`, `-f`).

    They are not in its graph. A folder whose files hold no block at all, or none that Checkov can parse, is left out with them: Checkov
    has no block there to ask about, or to show a trouble on.
    """
    skipped = []
    for folder, names, files in os.walk(scanned):
        names[:] = [name for name in names if not name.startswith(".") and name not in _NOT_ENTERED]
        if any(name.endswith(".tf") for name in files) and Path(folder).resolve() not in folders:
            skipped.append(Path(folder))
    return sorted(skipped)


def _unseen(graph: Graph, made: Answers) -> list[tuple[Path, Trouble]]:
    """The functions that Checkov has and we have not, with the root of each."""
    those = [node for node in graph.nodes if node.type == trouble.FUNCTION and not made.knows(node)]
    return [(node.root, trouble.unread(node, made.root_of(node))) for node in those]


def _shown(
    graph: Graph,
    made: Answers,
    reading: Reading,
    with_function: set[Path],
    unseen: Sequence[tuple[Path, Trouble]],
    general: list[Trouble],
) -> Judged:
    """Troubles put where they are shown."""
    roots = {root: made.relative(root) for root in {node.root for node in graph.nodes}}
    troubles = {root: list(made.troubles[name]) for root, name in roots.items() if name in made.troubles}
    for root, one in unseen:
        troubles.setdefault(root, []).append(one)
    if general and roots:
        first = min(with_function or roots)
        troubles[first] = [*general, *troubles.get(first, [])]
    without_estate = {root.root for root in reading.roots if root.estate is None}
    dark = {root: troubles[root] for root, name in roots.items() if name in without_estate and root in troubles}
    crashes = {(t.policy, t.root, t.address): t for several in made.troubles.values() for t in several if t.policy and t.address}
    return Judged(graph, made, trouble.carriers(graph.nodes, troubles), dark, crashes)


def _known(judged: Judged, conf: object, scanned_file: str) -> Node:
    node = judged.graph.asked(conf, scanned_file)
    if node is None:
        raise LookupError("Checkov asked about a block that is not in its graph")
    return node


def _has_source() -> bool:
    from serverful.plan_source import named_source

    return named_source(os.environ) is not None


def _base(paths: Sequence[Path]) -> Path:
    from serverful.estate.read.roots import base_of

    return base_of(paths)


def _read(scanned: Path, day: date, skip: Sequence[Path]) -> Reading:
    from serverful.estate.read.reader import read
    from serverful.estate.read.roots import base_of
    from serverful.settings_file import named, settings_for

    base = base_of([scanned])
    patterns = [f"^{re.escape(Path(os.path.relpath(folder.resolve(), base)).as_posix())}$" for folder in skip]
    settings = settings_for([scanned], base, named(os.environ))
    return read([scanned], today=day, skip=patterns, settings=settings)


def _read_plans(files: Sequence[Path], day: date) -> Reading:
    from serverful.estate.read.plans import read_plans
    from serverful.estate.read.roots import base_of
    from serverful.plan_source import named_source, source_folder
    from serverful.settings_file import named, settings_for

    written = named_source(os.environ)
    source = source_folder(written) if written is not None else None
    known = files if source is None else [source]  # as in scan.py
    base = base_of(known)
    settings = settings_for(known, base, named(os.environ))
    return read_plans(files, today=day, settings=settings, base=base, source=source)


def _judge(estates: Iterable[Estate], policies: Sequence[Policy]) -> tuple[list[Finding], list[Trouble]]:
    from serverful.judge import judge

    return judge(estates, policies)
