"""The same mutants through the real Checkov, all in one run: every function that it lists has an answer of ours, or its root a trouble.

Undecided and not ours leave no record in Checkov, so beside the catalogue's policies a probe is asked that fails every function.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest

import mutants
from expectations import FIXTURES
from real_checkov import TODAY, Scan, clone, scan
from serverful.estate import Function, Unknown
from serverful.estate.read.reader import Reading, read
from serverful.host.graph import bare

MUTANTS = int(os.environ.get("SERVERFUL_MUTANTS", "60"))
LISTED = "CKV_AWS_50"  # asks every function whether it is traced: its records are the functions that Checkov knows
PROBE, TROUBLE = "SLS_VPC_903", "SLS_RUN_1"

# What Checkov's own parser takes minutes over, or its memory, is no question to us.
TOO_MUCH_FOR_CHECKOV = 100


@dataclass(frozen=True)
class Both:
    """One folder of mutants, each a root or several, as Checkov answered and as we read it."""

    checkov: Scan
    ours: Reading
    folder: Path

    def is_open(self, file: str) -> bool:
        """Whether nobody can say that the functions of a file exist, since Checkov cannot read who calls it.

        Left out with a caller that Checkov cannot parse, a module is a reusable child, and what its variables decide is undecided.
        """
        alone = read([(self.folder / file).parent], today=date.fromisoformat(TODAY)).roots
        functions = [one for root in alone if root.estate is not None and root.estate.is_child for one in root.estate.all(Function)]
        return bool(functions) and all(isinstance(function.exists, Unknown) for function in functions)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    made = clone(tmp_path_factory.mktemp("clone")) / "policies"
    (made / "probes").mkdir()
    (made / "probes" / "__init__.py").write_text('"""Probes."""\n')
    shutil.copy(Path(__file__).with_name("probe_every_function.py"), made / "probes")
    folder, cases, chance = tmp_path_factory.mktemp("mutants"), mutants.cases(), Random(2026)
    written = 0
    while written < MUTANTS:
        files = mutants.mutant(mutants.files_of(chance.choice(cases)), chance)
        if not any(sign * TOO_MUCH_FOR_CHECKOV in text for text in files.values() for sign in ("(", "[", "{ a = ", "{\n", "!", "-", "${")):
            mutants.write(files, folder / f"m{written:03}")
            written += 1
    # One root that is surely in trouble, and that Checkov lists: which of the mutants are is chance.
    shutil.copytree(FIXTURES / "run_is_complete" / "bad", folder / "in_trouble")
    done = scan(folder, made, "--check", f"{LISTED},SLS_*")
    return Both(done, read([folder], today=date.fromisoformat(TODAY)), folder)


def test_checkov_came_to_its_end(both: Both) -> None:
    assert both.checkov.code == 1, both.checkov.stderr[-3000:]
    assert "could not judge" not in both.checkov.stderr
    assert len([record for record in both.checkov.built_in if record.id == LISTED]) > MUTANTS // 4


def test_every_function_that_exists_is_answered_for(both: Both) -> None:
    ours = {
        (function.place.file, bare(function.address).split(".")[-1])
        for root in both.ours.roots
        if root.estate is not None
        for function in root.estate.all(Function)
    }
    answered = {(record.file, record.resource) for record in both.checkov.records if record.id == PROBE}
    troubled = {Path(record.file).parent for record in both.checkov.records if record.id == TROUBLE}
    silent = [
        (record.file, record.resource)
        for record in both.checkov.built_in
        if record.id == LISTED
        and (record.file, bare(record.resource).split(".")[-1]) in ours
        and (record.file, record.resource) not in answered
        and not {Path(record.file).parent, *Path(record.file).parents} & troubled
        and not both.is_open(record.file)
    ]
    assert answered, "nobody answered"
    assert silent == []


def test_no_answer_is_a_fault_of_ours(both: Both) -> None:
    faults = [line for record in both.checkov.records for line in record.details if "report it" in line or "could not judge" in line]
    assert faults == []


def test_every_root_in_trouble_says_so_once(both: Both) -> None:
    listed = {Path(record.file).parent for record in both.checkov.built_in}
    troubled = {Path(root.root) for root in both.ours.roots if root.troubles} & listed
    shown = [Path(record.file).parent for record in both.checkov.records if record.id == TROUBLE]
    assert troubled and troubled <= set(shown)
    assert len(shown) == len(set(shown))
