"""tfparse dies, hangs or eats all memory in the middle of a hundred roots: the others are judged, and these are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import mutants
from expectations import FIXTURES
from serverful import cli
from serverful.estate.read import limits

# Only tfparse can compute this count, so each of the roots that has it needs an evaluation.
COMPUTED = 'count = length(regexall("a", "banana"))'
FUNCTION = 'resource "aws_lambda_function" "f" {{\n  {0}\n  function_name = "f"\n  role = "arn:aws:iam::123456789012:role/r"\n}}\n'
PROVIDER = 'provider "aws" {}\n'
# The misspelt type ends the process that tfparse runs in.
DEADLY = (FIXTURES / "run_is_complete" / "bad_evaluation_dies" / "main.tf").read_text(encoding="utf-8")
# A hash that is meant to take its time: with these 2^28 rounds, hours.
ENDLESS = 'length(bcrypt("x", 28))'
HUNGRY = "length(setproduct(range(99), range(99), range(99), range(99)))"


def roots(deadly: dict[int, str]) -> dict[str, str]:
    """A hundred small roots, every fourth of which needs an evaluation; some are given."""
    return {f"r{n:02}/main.tf": deadly.get(n, PROVIDER + FUNCTION.format(COMPUTED if n % 4 == 0 else "")) for n in range(100)}


def scanned(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code = cli.run(["scan", str(folder), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("where", [[0], [99], [49, 50, 51], [3, 36, 72]])
def test_roots_on_which_it_dies(tmp_path: Path, capsys: pytest.CaptureFixture[str], where: list[int]) -> None:
    code, run = scanned(mutants.write(roots(dict.fromkeys(where, DEADLY)), tmp_path), capsys)
    assert code == 2
    assert {(trouble["root"], trouble["what"].partition(":")[0]) for trouble in run["troubles"]} == {
        (f"r{n:02}", "could not be evaluated (died)") for n in where
    }
    assert len(run["roots"]) == 100
    evaluated = sum(1 for n in range(0, 100, 4) if n not in where)
    # Three of each that was evaluated, one that stands for all of each on which it died.
    assert run["counts"]["functions"] == 3 * evaluated + (100 - evaluated)


def test_roots_on_which_it_hangs_dies_and_eats_all_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS_PER_ROOT", 5.0)  # enough for all others on a busy machine
    given = {17: DEADLY, 50: PROVIDER + FUNCTION.format(f"count = {ENDLESS}"), 83: PROVIDER + FUNCTION.format(f"count = {HUNGRY}")}
    code, run = scanned(mutants.write(roots(given), tmp_path), capsys)
    assert code == 2
    troubles = {trouble["root"]: trouble["what"] for trouble in run["troubles"]}
    assert set(troubles) == {"r17", "r50", "r83"}
    assert "(died)" in troubles["r17"]
    assert "(timed out)" in troubles["r50"] and "more than 5 seconds" in troubles["r50"]
    assert "(died)" in troubles["r83"] or "(timed out)" in troubles["r83"]
    assert len(run["roots"]) == 100
    assert run["counts"]["functions"] == 3 * 25 + 75
