"""Plan files in, estates out: one for each plan, with what could not be read named beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from serverful.collecting import seldom_collecting
from serverful.estate.estate import Estate
from serverful.estate.model import Output
from serverful.estate.read import convert
from serverful.estate.read.build import parts_of
from serverful.estate.read.plan.block import PlannedBlock
from serverful.estate.read.plan.document import MAX_BYTES, TOO_DEEP, TOO_LARGE, NoPlan, mapping, parsed
from serverful.estate.read.plan.echoes import echoes
from serverful.estate.read.plan.tree import Instance, Plan, PlannedModule, all_blocks
from serverful.estate.read.plan.wellformed import GONE
from serverful.estate.read.reader import Reading, RootReading, check_available, deep_stack
from serverful.estate.read.root import relative
from serverful.estate.read.roots import base_of
from serverful.estate.read.size import TOO_MUCH
from serverful.estate.settings import Settings
from serverful.finding import Trouble

log = logging.getLogger(__name__)

PIPED = "<stdin>"  # the name of a plan that has no file
_PIECE = 2**20


def is_plan(path: Path) -> bool:
    """Whether a path given to be scanned is meant as a plan: a file whose name ends in .json and is no Terraform in JSON."""
    name = path.name.lower()
    return name.endswith(".json") and not name.endswith((".tf.json", ".tofu.json", ".tfvars.json")) and path.is_file()


def read_plans(
    files: Sequence[Path],
    *,
    today: date,
    settings: Settings | None = None,
    base: Path | None = None,
    source: Path | None = None,
    piped: BinaryIO | None = None,
) -> Reading:
    """Read each plan as one root, whose name is the file's path relative to the base. Nothing that stands in a file makes it raise.

    `piped` is a stream that holds one more. `source` is the root module that the plans were made from: then things stand where they are
    written, with their comments. Raises ReadingUnavailable where that is asked for, and what reads it is not installed.
    """
    base = base or base_of(files or [Path()])
    settings = replace(settings or Settings(), is_partial=True)  # they may speak of roots that were not planned here
    if source is not None:
        check_available()
    with deep_stack(), seldom_collecting():
        written = source.resolve() if source is not None else None
        plans: list[tuple[str, Callable[[], bytes | bytearray]]] = [(PIPED, partial(_taken, piped))] if piped is not None else []
        plans += [(relative(file, base), partial(_opened, file)) for file in dict.fromkeys(file.resolve() for file in files)]
        roots = tuple(_read(name, raw, base, today, settings, written) for name, raw in plans)
    return Reading(roots, (), (), base, settings)


def _opened(file: Path) -> bytes | bytearray:
    with file.open("rb") as stream:
        return _taken(stream)


def _taken(stream: BinaryIO) -> bytes | bytearray:
    """All that a stream holds, read piece by piece: of what has no end, no more is kept than is allowed."""
    raw = bytearray()
    while piece := stream.read(_PIECE):
        raw += piece
        if len(raw) > MAX_BYTES:
            raise NoPlan(f"is larger than {MAX_BYTES >> 20} MiB.", TOO_LARGE)
    return raw


def _read(name: str, raw: Callable[[], bytes | bytearray], base: Path, today: date, settings: Settings, source: Path | None) -> RootReading:
    try:
        document = parsed(raw())
        plan = Plan(name, mapping(document["configuration"]).get("root_module"), document.get("variables"), base, source)
        estate = estate_of(document, plan, today, settings)
        return RootReading(name, estate, tuple(_troubles(plan)))
    except NoPlan as error:
        return RootReading(name, None, (_trouble(name, error.says, error.mend),))
    except OSError as error:
        return RootReading(name, None, (_trouble(name, f"cannot be read: {error.strerror}.", "Check the path and its permissions."),))
    except RecursionError:
        return RootReading(name, None, (_trouble(name, TOO_DEEP, "Scan the folder that it was made from."),))
    except Exception as error:  # as in reader.py: broken is never green, and one plan never takes the others with it
        log.exception("could not read %s", name)
        says = f"could not be read: serverful itself failed ({type(error).__name__}: {error})."
        mend = "This is a fault of serverful, or the plan is not as Terraform writes it; scan the folder that it was made from."
        return RootReading(name, None, (_trouble(name, says, mend),))


def _troubles(plan: Plan) -> Iterator[Trouble]:
    """What could not be read of the source, where a reason may stand; and that following it was given up."""
    if plan.is_spent:
        mend = "Leave --source out: the plan holds what was computed. Or simplify the expressions."
        yield Trouble(plan.name, TOO_MUCH, "What hangs on it is undecided; the rest is judged.", mend, plan.name)
    for problem in plan.problems:
        mend = problem.mend or "Mend the file, or leave --source out."
        yield Trouble(
            plan.name, problem.says, "A reason that stands in it is not seen.", mend, relative(problem.file, plan.base), problem.line
        )


def estate_of(document: Mapping[str, Any], plan: Plan, today: date, settings: Settings) -> Estate:
    """The estate that a plan makes. What it deletes is not there any more; what it replaces is as it will be."""
    root = plan.module("")
    plan.echoes.update(echo for change in document.get("resource_changes", ()) for echo in echoes(change))
    plan.is_complete = document.get("complete") is not False
    seen: set[str] = set()
    for change in _changes(document):
        address = str(change.get("address"))
        if address not in seen:
            seen.add(address)
            _add(plan, change)
    for block in all_blocks(plan):
        plan.identify(block)
    made, told = parts_of(all_blocks(plan)), tuple(_outputs(root))
    # As in reader.py: a comment with a reason may stand in what could not be read, and for its lack nothing is unexplained.
    unheard = tuple(dict.fromkeys(relative(problem.file, plan.base) for problem in plan.problems))
    return Estate(
        plan.name,
        made.things,
        today,
        unreadable=(*unheard, *_left_out(plan)),
        unheard=unheard,
        invocations=made.invocations,
        settings=settings,
        outputs=told,
        entries=made.entries,
        resource_policies=made.resource_policies,
        reliefs=made.reliefs,
    )


def _left_out(plan: Plan) -> tuple[str, ...]:
    """A name for what a plan leaves out of what is configured, as with `-target`, unless all of that stands already."""
    if plan.is_complete or all(module.is_whole for module in plan.modules.values()):
        return ()
    return (f"the rest of {plan.name} (complete: false)",)


def _changes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each planned resource and data source with its values and masks; then what only the prior state knows (`wellformed.py` has looked).

    These are data sources that were read while planning, and resources that a plan with `-target` leaves as they stand.
    """
    left = set()
    for change in document.get("resource_changes", ()):
        after = change["change"]
        left |= {change["address"], change.get("previous_address")}
        if not set(after["actions"]) <= GONE and "deposed" not in change:
            masks = {"values": after.get("after"), "unknown": after.get("after_unknown"), "sensitive": after.get("after_sensitive")}
            yield {**change, **masks}
    for resource in _resources(document.get("prior_state", {}).get("values", {}).get("root_module", {})):
        if resource.get("mode") == "data" or (resource.get("address") not in left and "deposed_key" not in resource):
            yield {**resource, "unknown": {}, "sensitive": resource.get("sensitive_values")}


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [(module, "")]
    while waiting:
        current, address = waiting.pop()
        for resource in current.get("resources", ()):
            yield {**resource, "module_address": address}
        waiting += [(child, str(child.get("address", ""))) for child in current.get("child_modules", ())]


def _add(plan: Plan, change: Mapping[str, Any]) -> None:
    module = plan.module(str(change.get("module_address") or ""))
    mode, kind, name = (str(change.get(key)) for key in ("mode", "type", "name"))
    index = change.get("index")
    key = index if isinstance(index, (int, str)) else None
    values, unknown, sensitive = (mapping(change.get(part)) for part in ("values", "unknown", "sensitive"))
    configured = module.configured.get((mode, kind, name), {})
    siblings = module.blocks.setdefault((mode, kind, name), [])
    instance, expressions = Instance(key, configured.get("for_each_expression"), siblings), mapping(configured.get("expressions"))
    block = PlannedBlock(mode, kind, name, str(change.get("address")), instance, module, values, unknown, sensitive, expressions)
    siblings.append((key, block))


def _outputs(module: PlannedModule) -> Iterator[Output]:
    for name, declared in mapping(module.configuration.get("outputs")).items():
        place = module.plan.place(f"output.{name}")
        links = convert.mentioned(module.output(name), place)
        yield Output(name, str(mapping(declared).get("description") or ""), links, place)


def _trouble(name: str, says: str, mend: str) -> Trouble:
    return Trouble(name, says, "Nothing in it was judged.", mend, name)
