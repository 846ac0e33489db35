"""A plan file into its JSON document, or one sentence that says why it is none."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from typing import Any

MAX_BYTES = 512 * 2**20  # a plan of 5,000 functions has about 40 MiB
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RECORD_A_PLAN = "Write one with: terraform plan -out=tfplan && terraform show -json tfplan > plan.json"


class NoPlan(Exception):
    """Why a file cannot be read as a plan, and how to go on."""

    def __init__(self, says: str, mend: str = _RECORD_A_PLAN) -> None:
        super().__init__(says)
        self.says, self.mend = says, mend


def parsed(raw: bytes) -> Mapping[str, Any]:
    """The document of a plan. UTF-8 with or without a mark, and UTF-16, which PowerShell's `>` writes. Raises NoPlan."""
    document = _json(_text(raw))
    if not isinstance(document, dict) or "format_version" not in document:
        if isinstance(document, dict) and {"version", "terraform_version"} <= document.keys():
            raise NoPlan("is a Terraform state file, not a plan.")
        raise NoPlan("is JSON, but not a Terraform plan: it has no format_version.")
    if "resource_changes" not in document and "planned_values" not in document:
        has_values = isinstance(document.get("values"), dict)
        raise NoPlan(
            "is a Terraform state in JSON, not a plan." if has_values else "has a format_version, but is not a plan: it plans nothing."
        )
    version = document["format_version"]
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        raise NoPlan(f"has format_version {version!r}; serverful reads 1.x.", "Use a Terraform that writes 1.x, or a newer serverful.")
    if document.get("errored") is True:
        raise NoPlan(
            "comes from a plan that ended with errors (errored: true), so it does not hold all of it.", "Mend the errors, and plan again."
        )
    for name, kind in (("configuration", dict), ("planned_values", dict), ("resource_changes", list)):
        if not isinstance(document.get(name) or kind(), kind):
            raise NoPlan(f"is no well-formed plan: {name} is not {'a list' if kind is list else 'an object'}.")
    if not document.get("configuration"):
        raise NoPlan("is a plan without its configuration, so nothing tells what refers to what.")
    return document


def mapping(value: object) -> Mapping[str, Any]:
    """A part of a plan that ought to be an object; empty where it is none, as in plans that other tools have touched."""
    return value if isinstance(value, dict) else {}


def _text(raw: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except ValueError as error:
        raise NoPlan(f"is not text in {encoding}.") from error


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise NoPlan("is nested too deeply to be a plan.") from error
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise NoPlan(f"is not valid JSON{where}: {'it is empty' if not text.strip() else 'it is no JSON or was cut off'}.") from error
