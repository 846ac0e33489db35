"""Whether the parts of a plan that say what there is are what Terraform writes, so that nothing is passed over because it is not.

Terraform leaves out what is empty and never writes null for it (internal/command/jsonplan and jsonconfig, 1.9). What one resource holds,
its values and masks, is not looked at here: there the reader takes whatever stands there, and what it cannot use is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

GONE = frozenset({"delete", "forget"})  # the actions after which a resource is not there any more


def faults(document: Mapping[str, Any]) -> Iterator[str]:
    """What is not as it ought to be, each as `resource_changes[3].change is not an object`."""
    wrong = [*_kinds(document, "", resource_changes=list, planned_values=dict, configuration=dict, prior_state=dict, variables=dict)]
    yield from wrong
    if wrong:
        return
    if "resource_changes" not in document and _plans_something(document):  # Terraform makes both from the same changes
        yield "it has planned values, and no resource_changes that lead to them"
    for number, change in enumerate(document.get("resource_changes", ())):
        yield from _change(change, f"resource_changes[{number}]")
    yield from _kinds(document["configuration"], "configuration", root_module=dict)
    if isinstance(root := document["configuration"].get("root_module"), dict):
        yield from _configured(root, "configuration.root_module")
    yield from _state(document.get("prior_state", {}), "prior_state")


def _plans_something(document: Mapping[str, Any]) -> bool:
    root = document.get("planned_values", {}).get("root_module")
    return isinstance(root, dict) and bool(root.get("resources") or root.get("child_modules"))


def _change(change: object, where: str) -> Iterator[str]:
    if not isinstance(change, dict):
        yield f"{where} is not an object"
        return
    yield from _kinds(change, where, is_needed=True, address=str, mode=str, type=str, name=str)
    yield from _kinds(change, where, module_address=str)
    yield from _kinds(change, where, is_needed=True, change=dict)
    inner = change.get("change")
    if isinstance(inner, dict):
        yield from _kinds(inner, f"{where}.change", is_needed=True, actions=list)
        actions = inner.get("actions")
        if isinstance(actions, list) and not all(isinstance(action, str) for action in actions):
            yield f"{where}.change.actions holds what is no text"
        elif isinstance(actions, list) and not set(actions) <= GONE:
            yield from _kinds(inner, f"{where}.change", is_needed=True, after=dict)


def _configured(module: Mapping[str, Any], where: str) -> Iterator[str]:
    """A module of the configuration, and those that it calls."""
    waiting = [(module, where)]
    while waiting:
        current, spot = waiting.pop()
        wrong = [*_kinds(current, spot, resources=list, module_calls=dict, variables=dict, outputs=dict)]
        yield from wrong
        if wrong:
            continue
        for number, resource in enumerate(current.get("resources", ())):
            yield from _object(resource, f"{spot}.resources[{number}]", expressions=dict)
        for kind in ("variables", "outputs", "module_calls"):
            for name, declared in current.get(kind, {}).items():
                yield from _object(declared, f"{spot}.{kind}.{name}")
        for name, call in current.get("module_calls", {}).items():
            if isinstance(call, dict):
                yield from _kinds(call, f"{spot}.module_calls.{name}", expressions=dict, module=dict)
                if isinstance(call.get("module"), dict):
                    waiting.append((call["module"], f"{spot}.module_calls.{name}.module"))


def _state(state: Mapping[str, Any], where: str) -> Iterator[str]:
    yield from _kinds(state, where, values=dict)
    values = state.get("values")
    if not isinstance(values, dict):
        return
    yield from _kinds(values, f"{where}.values", root_module=dict)
    waiting = [(values["root_module"], f"{where}.values.root_module")] if isinstance(values.get("root_module"), dict) else []
    while waiting:
        module, spot = waiting.pop()
        wrong = [*_kinds(module, spot, resources=list, child_modules=list, address=str)]
        yield from wrong
        if wrong:
            continue
        for number, resource in enumerate(module.get("resources", ())):
            yield from _object(resource, f"{spot}.resources[{number}]", values=dict)
        for number, child in enumerate(module.get("child_modules", ())):
            yield from _object(child, f"{spot}.child_modules[{number}]")
            if isinstance(child, dict):
                waiting.append((child, f"{spot}.child_modules[{number}]"))


def _object(value: object, where: str, **kinds: type) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _kinds(value, where, False, **kinds)
    else:
        yield f"{where} is not an object"


def _kinds(value: Mapping[str, Any], where: str, is_needed: bool = False, **kinds: type) -> Iterator[str]:
    for name, kind in kinds.items():
        if (is_needed or name in value) and not isinstance(value.get(name), kind):
            yield f"{where}.{name} is not {_WORDS[kind]}".lstrip(".")


_WORDS: Mapping[type, str] = {dict: "an object", list: "a list", str: "a text"}
