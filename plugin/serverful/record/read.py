"""Reads a record from JSON, and describes it in a JSON Schema. With `by_item.py` all of the record that needs pydantic.

Decisions:
- Keys that are not known are passed over: version 1 may grow.
- What is not a record of version 1 as a whole is refused; half a record would be half a judgement.
"""

from __future__ import annotations

import codecs
import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from serverful.collecting import seldom_collecting
from serverful.errors import UsageError
from serverful.record.by_item import read_by_item
from serverful.record.v1 import VERSION, RunV1

SCHEMA_ID = "serverful-run-v1"

_LONGEST = 40  # characters of a version that is none
_LARGEST = 2 * 1024**3  # bytes; 5,000 functions are 130 MB
_SHOWN = 5  # faults in one message
_AGAIN = "Write it anew with this version of serverful."
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@cache
def _adapter() -> TypeAdapter[RunV1]:
    return TypeAdapter(RunV1)


def read_record(file: Path) -> RunV1:
    """The record in a file. Raises UsageError that says what is wrong with it and how to go on."""
    try:
        if file.is_dir():
            raise UsageError(f"{file} is a folder. Name the file that `SERVERFUL_RESULT` or `--format json=FILE` has written.")
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"{file} is larger than any record of a run can be ({_LARGEST // 1024**3} GB), so it was not read.")
        with file.open("rb") as stream, seldom_collecting():
            record = read_by_item(stream)
            if record is not None:
                return _in_order(record, str(file))
            stream.seek(0)
            text = stream.read()
    except FileNotFoundError as error:
        raise UsageError(
            f"{file} is not there. `serverful scan --format json={file}` writes it, and so does Checkov with SERVERFUL_RESULT={file}. "
            "Where Checkov should have, it found no Terraform to ask us about (Terraform in JSON alone is not enough), loaded no policies "
            "(look at its --external-checks-dir), or worked in another folder."
        ) from error
    except OSError as error:
        raise UsageError(f"{file} could not be read: {error.strerror}.") from error
    return record_from(text, str(file))


def record_from(text: bytes, name: str) -> RunV1:
    """The record in a text, called `name` in messages. Raises UsageError as `read_record` does."""
    text = _unmarked(text)
    with seldom_collecting():
        try:
            record = _adapter().validate_json(text, strict=True)
        except ValidationError as error:
            raise UsageError(_refusal(text, name, error)) from error
    return _in_order(record, name)


def _in_order(record: RunV1, name: str) -> RunV1:
    """The record. Raises UsageError where something in it belongs to no part."""
    if (fault := _misplaced(record)) is not None:
        raise UsageError(f"{name} is a record of version 1 in which {fault} names a part that is not there. {_AGAIN}")
    return record


def _unmarked(text: bytes) -> bytes:
    """As UTF-8 without a mark: what Windows PowerShell redirects with `>` is UTF-16 with one."""
    encoding = next((name for mark, name in _MARKS if text.startswith(mark)), None)
    if encoding is None:
        return text
    try:
        return text.decode(encoding).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return text  # refused as it is


def _misplaced(record: RunV1) -> str | None:
    """What names a part that is not among the parts."""
    parts = len(record.parts)
    for what in ("findings", "functions", "troubles", "unread", "notes"):
        for number, one in enumerate(getattr(record, what)):
            if not 0 <= one.part < parts:
                return f"{what}.{number}"
    return None


def schema() -> str:
    """The JSON Schema of the record (draft 2020-12), as indented JSON."""
    made = _adapter().json_schema(schema_generator=_Schema, mode="serialization")
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": SCHEMA_ID,
        "title": "The record of a serverful run, version 1",
    }
    return json.dumps(head | {key: said for key, said in made.items() if key not in head}, indent=2)


class _Schema(GenerateJsonSchema):
    """Without the titles that pydantic makes of names: they would say what the names say."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _refusal(text: bytes, name: str, error: ValidationError) -> str:
    try:
        version = _version_of(text)
    except RecursionError:
        return f"{name} is nested deeper than any record is, so it cannot be reported. {_AGAIN}"
    except ValueError as broken:
        how = "It may have been cut off while it was written."
        return f"{name} is no whole JSON ({_plain(str(broken))}), so it cannot be reported. {how} {_AGAIN}"
    if version is None:
        how = "Name what `--format json=FILE` or SERVERFUL_RESULT has written."
        return f"{name} is JSON, and no record of a serverful run: it has no `version`. {how}"
    if type(version) is not int or version != VERSION:
        said = _plain(repr(version)[:_LONGEST])
        how = f"{_AGAIN} Or read it with the serverful that wrote it."
        return f"{name} is a record of version {said}, and this serverful reads version {VERSION}. {how}"
    faults = [f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False, include_input=False)]
    more = [f"  and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    what = f"{name} is a record of version 1 in which something is missing or of another type:"
    return "\n".join([what, *map(_plain, faults[:_SHOWN]), *more, _AGAIN])


def _plain(text: str) -> str:
    """What stood in the file, as it may be shown: in ASCII, with everything else written out."""
    return ascii(text)[1:-1]


def _version_of(text: bytes) -> object:
    whole = json.loads(text)
    return whole.get("version") if isinstance(whole, dict) else None
