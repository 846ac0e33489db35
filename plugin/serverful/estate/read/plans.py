"""Plan files in, estates out: one for each plan, with what could not be read named beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from serverful.collecting import seldom_collecting
from serverful.estate.estate import Estate
from serverful.estate.model import Output
from serverful.estate.read import convert
from serverful.estate.read.build import parts_of
from serverful.estate.read.plan.block import PlannedBlock
from serverful.estate.read.plan.document import MAX_BYTES, NoPlan, mapping, parsed
from serverful.estate.read.plan.echoes import echoes
from serverful.estate.read.plan.tree import Instance, Plan, PlannedModule, all_blocks
from serverful.estate.read.reader import Reading, RootReading, check_available, deep_stack
from serverful.estate.read.root import relative
from serverful.estate.read.roots import base_of
from serverful.estate.read.size import TOO_MUCH
from serverful.estate.settings import Settings
from serverful.finding import Trouble

log = logging.getLogger(__name__)

_GONE = frozenset({"delete", "forget"})


def is_plan(path: Path) -> bool:
    """Whether a path given to be scanned is meant as a plan: a file whose name ends in .json and is no Terraform in JSON."""
    name = path.name.lower()
    return name.endswith(".json") and not name.endswith((".tf.json", ".tofu.json", ".tfvars.json")) and path.is_file()


def read_plans(
    files: Sequence[Path], *, today: date, settings: Settings | None = None, base: Path | None = None, source: Path | None = None
) -> Reading:
    """Read each plan as one root, whose name is the file's path relative to the base. Nothing that stands in a file makes it raise.

    `source` is the root module that the plans were made from: then things stand where they are written, with their comments. Raises
    ReadingUnavailable where that is asked for, and what reads it is not installed.
    """
    base = base or base_of(files or [Path()])
    settings = replace(settings or Settings(), is_partial=True)  # they may speak of roots that were not planned here
    if source is not None:
        check_available()
    with deep_stack(), seldom_collecting():
        written = source.resolve() if source is not None else None
        roots = tuple(_read(file.resolve(), base, today, settings, written) for file in dict.fromkeys(files))
    return Reading(roots, (), (), base, settings)


def _read(file: Path, base: Path, today: date, settings: Settings, source: Path | None) -> RootReading:
    name = relative(file, base)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise NoPlan(
                f"is larger than {MAX_BYTES >> 20} MiB.", "Plan its parts separately (-target), or scan the folder it was made from."
            )
        document = parsed(file.read_bytes())
        plan = Plan(name, mapping(document["configuration"]).get("root_module"), document.get("variables"), base, source)
        estate = estate_of(document, plan, today, settings)
        return RootReading(name, estate, tuple(_troubles(plan)))
    except NoPlan as error:
        return RootReading(name, None, (_trouble(name, error.says, error.mend),))
    except OSError as error:
        return RootReading(name, None, (_trouble(name, f"cannot be read: {error.strerror}.", "Check the path and its permissions."),))
    except Exception as error:  # as in reader.py: broken is never green, and one plan never takes the others with it
        log.exception("could not read %s", file)
        says = f"could not be read: serverful itself failed ({type(error).__name__}: {error})."
        mend = "This is a fault of serverful, or the plan is not as Terraform writes it; scan the folder that it was made from."
        return RootReading(name, None, (_trouble(name, says, mend),))


def _troubles(plan: Plan) -> Iterator[Trouble]:
    """What could not be read of the source, where a reason may stand; and that following it was given up."""
    if plan.is_spent:
        mend = "Leave --source out: the plan holds what was computed. Or simplify the expressions."
        yield Trouble(plan.name, TOO_MUCH, "What hangs on it is undecided; the rest is judged.", mend, plan.name)
    folders = {module.folder.path: module.folder for module in plan.modules.values() if module.folder is not None}
    for problem in (problem for folder in folders.values() for problem in folder.problems):
        mend = problem.mend or "Mend the file, or leave --source out."
        yield Trouble(
            plan.name, problem.says, "A reason that stands in it is not seen.", mend, relative(problem.file, plan.base), problem.line
        )


def estate_of(document: Mapping[str, Any], plan: Plan, today: date, settings: Settings) -> Estate:
    """The estate that a plan makes. What it deletes is not there any more; what it replaces is as it will be."""
    root = plan.module("")
    plan.echoes.update(echo for change in document.get("resource_changes") or () for echo in echoes(mapping(change)))
    seen: set[str] = set()
    for change in _changes(document):
        address = str(change.get("address"))
        if address not in seen:
            seen.add(address)
            _add(plan, change)
    for block in all_blocks(plan):
        plan.identify(block)
    made = parts_of(all_blocks(plan))
    return Estate(
        plan.name, made.things, today, invocations=made.invocations, settings=settings, outputs=tuple(_outputs(root)), entries=made.entries
    )


def _changes(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each planned resource and data source with its values and masks; then what only the prior state knows: data read while planning."""
    for change in document.get("resource_changes") or ():
        actions = mapping(mapping(change).get("change")).get("actions")
        if isinstance(change, dict) and isinstance(actions, list) and not set(actions) <= _GONE and "deposed" not in change:
            after = mapping(change["change"])
            masks = {"values": after.get("after"), "unknown": after.get("after_unknown"), "sensitive": after.get("after_sensitive")}
            yield {**change, **masks}
    values = mapping(mapping(document.get("prior_state")).get("values")).get("root_module")
    for resource in _resources(mapping(values)):
        if resource.get("mode") == "data":
            yield {**resource, "unknown": {}, "sensitive": resource.get("sensitive_values")}


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [(module, "")]
    while waiting:
        current, address = waiting.pop()
        for resource in current.get("resources") or ():
            if isinstance(resource, dict):
                yield {**resource, "module_address": address}
        children = current.get("child_modules") or ()
        waiting += [(child, str(child.get("address", ""))) for child in children if isinstance(child, dict)]


def _add(plan: Plan, change: Mapping[str, Any]) -> None:
    module = plan.module(str(change.get("module_address") or ""))
    mode, kind, name = (str(change.get(key)) for key in ("mode", "type", "name"))
    index = change.get("index")
    key = index if isinstance(index, (int, str)) else None
    values, unknown, sensitive = (mapping(change.get(part)) for part in ("values", "unknown", "sensitive"))
    configured = module.configured.get((mode, kind, name), {})
    instance, expressions = Instance(key, configured.get("for_each_expression")), mapping(configured.get("expressions"))
    block = PlannedBlock(mode, kind, name, str(change.get("address")), instance, module, values, unknown, sensitive, expressions)
    module.blocks.setdefault((mode, kind, name), []).append((key, block))


def _outputs(module: PlannedModule) -> Iterator[Output]:
    for name, declared in mapping(module.configuration.get("outputs")).items():
        place = module.plan.place(f"output.{name}")
        links = convert.mentioned(module.output(name), place)
        yield Output(name, str(mapping(declared).get("description") or ""), links, place)


def _trouble(name: str, says: str, mend: str) -> Trouble:
    return Trouble(name, says, "Nothing in it was judged.", mend, name)
