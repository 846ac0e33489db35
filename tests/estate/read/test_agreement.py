"""Second opinion by tfparse: on every fixture, evaluation and following never say opposite things of a function.

Absence in tfparse proves nothing (`test_tfparse_facts.py`), so only what it lists is compared.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from serverful.estate import Function, Known
from serverful.estate.read.evaluate import Request, evaluate
from serverful.estate.read.reader import read

FIXTURES = Path(__file__).parents[3] / "fixtures"
AT_FAULT = {"tfparse", "run_is_complete"}  # about what tfparse gets wrong, and what kills it


def groups() -> list[Path]:
    return sorted(path for path in FIXTURES.iterdir() if path.is_dir() and path.name not in AT_FAULT)


def without_keys(address: str) -> str:
    return re.sub(r"\[[^]]*\]", "", address)


@pytest.mark.parametrize("group", groups(), ids=lambda path: path.name)
def test_what_evaluation_lists_is_what_following_found(group: Path) -> None:
    reading = read([group], today=date(2026, 11, 23))
    roots = [root.estate for root in reading.roots if root.estate is not None and not root.estate.is_child]
    evaluations = evaluate([Request(reading.base / estate.root) for estate in roots])
    compared = 0
    for estate, evaluation in zip(roots, evaluations, strict=True):
        assert evaluation.failure is None, estate.root
        ours = {function.address: function for function in estate.all(Function)}
        for path, block in evaluation.blocks.items():
            if ".aws_lambda_function." not in f".{path}" or path.startswith("data."):
                continue
            function = ours.get(path) or ours.get(path.removesuffix("[0]"))
            if function is None:  # a for_each over other resources is not expanded by tfparse: then one of ours must be meant
                assert without_keys(path) in map(without_keys, ours), f"{estate.root}: tfparse lists {path}, we do not"
                continue
            if evaluation.nested(path, "vpc_config") and isinstance(function.attachment, Known):
                listed = evaluation.nested(path, "vpc_config")[0]
                is_empty = listed.get("subnet_ids") == [] and listed.get("security_group_ids") == []
                assert (function.attachment.value is None) is is_empty, f"{estate.root}: vpc_config of {path}"
            for name, value in (("runtime", function.runtime), ("handler", function.handler)):
                if isinstance(value, Known) and isinstance(block.get(name), str):
                    assert value.value == block[name], f"{estate.root}: {path}.{name}"
            compared += 1
    assert compared >= len(roots) / 2, "too little was compared to prove anything"
