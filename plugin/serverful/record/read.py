"""Reads a record from JSON, and describes it in a JSON Schema. The only module of the record that needs pydantic.

Decisions:
- Keys that are not known are passed over: version 1 may grow.
- What is not a record of version 1 as a whole is refused; half a record would be half a judgement.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from serverful.collecting import seldom_collecting
from serverful.errors import UsageError
from serverful.record.v1 import VERSION, RunV1

SCHEMA_ID = "serverful-run-v1"

_LARGEST = 2 * 1024**3  # bytes; 5,000 functions are 130 MB
_SHOWN = 5  # faults in one message


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
        text = file.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(
            f"{file} is not there. `serverful scan --format json={file}` writes it, and so does Checkov with SERVERFUL_RESULT={file}; "
            "where Checkov should have, it found no Terraform, or did not load the policies."
        ) from error
    except OSError as error:
        raise UsageError(f"{file} could not be read: {error.strerror}.") from error
    return record_from(text, str(file))


def record_from(text: bytes, name: str) -> RunV1:
    """The record in a text, called `name` in messages. Raises UsageError as `read_record` does."""
    with seldom_collecting():
        try:
            return _adapter().validate_json(text)
        except ValidationError as error:
            raise UsageError(_refusal(text, name, error)) from error


def schema() -> str:
    """The JSON Schema of the record (draft 2020-12), as indented JSON."""
    made = _adapter().json_schema(schema_generator=_Schema, mode="serialization")
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": SCHEMA_ID,
        "title": "The record of a serverful run, version 1",
    }
    return json.dumps(head | made, indent=2)


class _Schema(GenerateJsonSchema):
    """Without the titles that pydantic makes of names, and without the indents of docstrings."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _refusal(text: bytes, name: str, error: ValidationError) -> str:
    again = "Write it anew with this version of serverful."
    try:
        version = _version_of(text)
    except ValueError as broken:
        return f"{name} is no whole JSON ({broken}), so it cannot be reported. It may have been cut off while it was written. {again}"
    if version is None:
        how = "Name what `--format json=FILE` or SERVERFUL_RESULT has written."
        return f"{name} is JSON, and no record of a serverful run: it has no `version`. {how}"
    if version != VERSION:
        how = f"{again} Or read it with the serverful that wrote it."
        return f"{name} is a record of version {version!r}, and this serverful reads version {VERSION}. {how}"
    faults = [f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False, include_input=False)]
    more = [f"  and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return "\n".join([f"{name} is a record of version 1 in which something is missing or of another type:", *faults[:_SHOWN], *more, again])


def _version_of(text: bytes) -> object:
    whole = json.loads(text)
    return whole.get("version") if isinstance(whole, dict) else None
