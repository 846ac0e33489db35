"""SLS_RUN_1: where the troubles of a root are shown, and in what words.

Trouble is one FAILED record per root on one of its blocks, never one per policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from serverful.errors import ServerfulError, SettingsError
from serverful.explain import RUN_ID
from serverful.finding import Trouble
from serverful.host.graph import Node
from serverful.policy import Policy, Severity
from serverful.report.text import harmless

ID = RUN_ID
TITLE = "Everything in this root could be read and judged"

# As high as any finding could be: what was not judged may hide any of them, and `--check HIGH` must not lose it.
SEVERITY = Severity.HIGH

FUNCTION = "aws_lambda_function"

# A record that nobody reads to its end helps nobody.
_SHOWN = 20


def carriers(nodes: Iterable[Node], troubles: Mapping[Path, Sequence[Trouble]]) -> dict[tuple[str, str], list[Trouble]]:
    """On which block (by the key of its node) the troubles of each root are shown.

    A function of the root's own folder, else a module call there, else any resource there. Never a block inside a module: Checkov would
    merge the records of two roots that call it. A root of which Checkov has no such block cannot be shown by it.
    """
    first: dict[Path, Node] = {}
    for node in nodes:
        if node.root in troubles and (node.is_own or node.is_planned):
            known = first.get(node.root)
            if known is None or _preference(node) < _preference(known):
                first[node.root] = node
    return {node.key: list(troubles[root]) for root, node in first.items()}


def lines(troubles: Sequence[Trouble]) -> list[str]:
    """What happened, what it means, how to mend it; for each trouble."""
    said: list[str] = []
    for trouble in list(dict.fromkeys(troubles))[:_SHOWN]:
        said += [f"{_where(trouble)}{trouble.what}", f"  What it means: {trouble.means}", f"  How to mend it: {trouble.mend}"]
    if (more := len(set(troubles)) - _SHOWN) > 0:
        said.append(f"And {more} more: serverful scan names them all.")
    said.append(f"Read on: serverful explain {ID}")
    return [harmless(line) for line in said]


def unavailable(error: ServerfulError) -> list[Trouble]:
    """Nothing can be judged at all: tfparse or tree-sitter-hcl is missing, a setting is wrong. The error's text says how to mend it."""
    means = "No function of this root was judged."
    if isinstance(error, SettingsError):
        *first, last = error.faults
        faults = [*first, replace(last, mend=f"{last.mend} {error.READ_ON}")]
        return [Trouble(".", fault.says, means, fault.mend, fault.file, fault.line) for fault in faults]
    return [Trouble(root=".", what="serverful cannot read Terraform here.", means=means, mend=str(error))]


def crashed(error: Exception) -> Trouble:
    """A bug of ours: reading or judging raised as a whole."""
    return Trouble(
        root=".",
        what=f"serverful stopped on a bug of its own: {type(error).__name__}: {error}",
        means="No function of this root was judged.",
        mend="The traceback stands in Checkov's log above; please report it with the Terraform that brings it about.",
    )


def graphless() -> Trouble:
    """Checkov asks without its graph, as 3.3.30 does with TF_SPLIT_GRAPH (tried: it compares `/checkout/main.tf` with `checkout`)."""
    return Trouble(
        root=".",
        what="Checkov asks without the graph of what it read, so nothing tells which root a block belongs to.",
        means="No function of this run was judged.",
        mend="Unset TF_SPLIT_GRAPH if it is set, or use serverful scan.",
    )


def unread(node: Node, root: str) -> Trouble:
    """Checkov found a function in a root that our reading does not know."""
    return Trouble(
        root=root,
        what=f"Checkov read {node.address} here, and serverful did not.",
        means="This function was not judged.",
        mend=f"Scan the folder alone (serverful scan {root}) to see why; please report it if it says nothing.",
        file=node.file.name,
        line=node.line,
    )


def unloaded(policies: Iterable[Policy], files: Iterable[Path]) -> list[Trouble]:
    """One trouble for each policy file that Checkov could not import: it says so in its log only, and goes on."""
    loaded = {Path(policy.file).resolve() for policy in policies}
    return [
        Trouble(
            root=".",
            what=f"The policy {path.parent.name}/{path.name} could not be loaded.",
            means="What it asks was asked of no function.",
            mend=f"Checkov's log says why, in the line \"Cannot load external check '{path.stem}'\".",
        )
        for path in files
        if path.resolve() not in loaded
    ]


def _preference(node: Node) -> tuple[int, str, int, str]:
    kind = 0 if node.type == FUNCTION else 1 if node.is_call else 2
    return kind, str(node.file), node.line, node.address


def _where(trouble: Trouble) -> str:
    return f"{trouble.file}:{trouble.line}: " if trouble.line else f"{trouble.file}: " if trouble.file else ""
