"""Values of input variables: tfvars files in Terraform's order, defaults, and the defaults inside `optional(...)` of a type.

Source: Terraform language, "Assigning Values to Root Module Variables" and "Type Constraints".
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from serverful.estate.read.convert import settled
from serverful.estate.read.expression import Call, Constant, Expression, Object
from serverful.estate.read.source import SourceProblem
from serverful.estate.read.source_files import read_assignments, read_text
from serverful.estate.read.source_json import json_expression
from serverful.estate.read.term import NULL, Entries, Every, Items, Term

Default = Callable[[Expression], Term]


def variable_files(folder: Path, named: Sequence[Path] = ()) -> list[Path]:
    """The tfvars files Terraform loads for a root, later ones win: terraform.tfvars, *.auto.tfvars by name, then those named."""
    fixed = [folder / name for name in ("terraform.tfvars", "terraform.tfvars.json") if os.path.isfile(folder / name)]  # noqa: PTH113
    automatic = sorted(path for pattern in ("*.auto.tfvars", "*.auto.tfvars.json") for path in folder.glob(pattern))
    # a file named just `auto.tfvars` is not loaded, nor is a hidden one
    # os.path.isfile, here and above: `Path.is_file` raises where the folder may be listed but not entered
    return [*fixed, *(path for path in automatic if os.path.isfile(path) and not path.name.startswith(".")), *named]  # noqa: PTH113


def read_assignments_of(paths: Sequence[Path], problems: list[SourceProblem]) -> dict[str, Expression]:
    """The assignments of all files, later files winning. Broken files are among `problems`."""
    values: dict[str, Expression] = {}
    for path in paths:
        if path.name.endswith(".json"):
            values.update(_json_assignments(path, problems))
        else:
            values.update({name: attribute.expression for name, attribute in read_assignments(path, problems).items()})
    return values


def _json_assignments(path: Path, problems: list[SourceProblem]) -> dict[str, Expression]:
    text = read_text(path, problems)
    if text is None:
        return {}
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        problems.append(SourceProblem(path, getattr(error, "lineno", 0), "is not valid JSON."))
        return {}
    return {str(name): json_expression(value) for name, value in data.items()} if isinstance(data, dict) else {}


def typed(term: Term, constraint: Expression | None, default: Default) -> Term:
    """A value as its variable's type makes it: attributes that are `optional` get their default, or null.

    `default` follows the default's expression. Other conversions do not change what a policy sees.
    """
    if not isinstance(constraint, Call) or not constraint.arguments:
        return term
    inner = settled(term)
    first = constraint.arguments[0]
    match constraint.function:
        case "object" if isinstance(first, Object) and isinstance(inner, Entries):
            return _object(inner, first, default)
        case "map" if isinstance(inner, Entries):
            return Entries({key: typed(value, first, default) for key, value in inner.entries.items()}, inner.rest)
        case "list" | "set" if isinstance(inner, Items):
            return Items(tuple(typed(item, first, default) for item in inner.items), inner.rest)
        case "list" | "set" | "map" if isinstance(inner, Every):
            return Every(typed(inner.term, first, default), inner.why)
        case "optional":
            return typed(term, first, default)
    return term


def _object(term: Entries, constraint: Object, default: Default) -> Term:
    entries = dict(term.entries)
    for key, kind in constraint.items:
        name = str(key.value) if isinstance(key, Constant) else ""
        is_optional = isinstance(kind, Call) and kind.function == "optional"
        value = entries.get(name)
        if isinstance(kind, Call) and is_optional and not term.rest and value in (None, NULL):
            value = default(kind.arguments[1]) if len(kind.arguments) > 1 else NULL
        if value is not None:
            entries[name] = typed(value, kind, default)
    return Entries(entries, term.rest)
