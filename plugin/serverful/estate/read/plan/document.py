"""A plan file into its JSON document, or one sentence that says why it is none."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from serverful.estate.read.plan.wellformed import faults

MAX_BYTES = 256 * 2**20  # a plan of 5,000 functions has about 50 MiB
_MAX_PARTS = 40_000_000  # of a plan of 5,000 functions, `_parts` tells 6 million; so many take two to three gigabytes
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TOO_LARGE = "Plan its parts separately (-target), or scan the folder that it was made from."
TOO_DEEP = "is nested too deeply to be a plan."
_RECORD_A_PLAN = "Write one with: terraform plan -out=tfplan && terraform show -json tfplan > plan.json"


class NoPlan(Exception):
    """Why a file cannot be read as a plan, and how to go on."""

    def __init__(self, says: str, mend: str = _RECORD_A_PLAN) -> None:
        super().__init__(says)
        self.says, self.mend = says, mend


def parsed(raw: bytes | bytearray) -> Mapping[str, Any]:
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
    if not document.get("configuration"):
        raise NoPlan("is a plan without its configuration, so nothing tells what refers to what.")
    fault = next(faults(document), None)
    if fault is not None:
        raise NoPlan(f"is no well-formed plan: {fault}.")
    return document


def mapping(value: object) -> Mapping[str, Any]:
    """A part of a plan that ought to be an object; empty where it is none, as in plans that other tools have touched."""
    return value if isinstance(value, dict) else {}


def _text(raw: bytes | bytearray) -> str:
    if not raw:
        raise NoPlan("holds no plan: it is empty, so what should have written it has failed.")
    if raw.startswith(b"PK\x03\x04"):
        raise NoPlan("is a plan in Terraform's own format, which only Terraform reads.", "Write it as JSON: terraform show -json tfplan")
    if _parts(raw) > _MAX_PARTS:
        raise NoPlan("holds more than any plan that serverful can read.", TOO_LARGE)
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except ValueError as error:
        raise NoPlan(f"is not text in {encoding}.") from error


def _parts(raw: bytes | bytearray) -> int:
    """About how much memory a document takes, by its marks: an object or a list as much as four values. In time too short to notice."""
    return 4 * (raw.count(b"{") + raw.count(b"[")) + raw.count(b",")


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_each_once)
    except RecursionError as error:
        raise NoPlan(TOO_DEEP) from error
    except json.JSONDecodeError as error:
        why = "it is empty" if not text.strip() else "it is no JSON or was cut off"
        raise NoPlan(f"is not valid JSON (line {error.lineno}, column {error.colno}): {why}.") from error
    except ValueError as error:  # a name twice, a number that JSON does not have, or of more digits than Python takes
        raise NoPlan(f"is not valid JSON: {str(error).partition(';')[0]}.") from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of two values under one name any reader takes another, so neither is."""
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ValueError(f"it has {twice[:60]!r} twice in one object")
    return made


def _refuse(constant: str) -> Any:
    raise ValueError(f"it holds {constant}")
