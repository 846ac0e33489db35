"""Whatever stands in the files: `serverful scan` ends, with a verdict or with a trouble that says what it could not do.

A fault of ours becomes a named trouble as well, so that nobody is told *green*; here it is a failure.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

import mutants
from runs_by_hand import as_console, as_json
from serverful import catalogue
from serverful.estate.read.source_files import SUFFIXES
from serverful.finding import Run
from serverful.gate import decide
from serverful.policy import Severity
from serverful.report.text import harmless
from serverful.scan import scan

TODAY = date(2026, 1, 15)
OUR_FAULT = "please report it"


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """A fault is in the run already; its traceback in the log of 5,000 examples helps nobody."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def ends_well(folder: Path) -> Run:
    """Scan a folder, look at all that is said, and give back the run."""
    run = scan([folder], today=TODAY)
    assert [str(trouble) for trouble in run.troubles if OUR_FAULT in trouble.mend] == []
    assert all(trouble.what and trouble.means and trouble.mend and trouble.root for trouble in run.troubles)
    assert run.policies == len(catalogue.EXPECTED)
    named = {Path(trouble.file or trouble.root) for trouble in run.troubles}
    assert run.roots or named, "nothing was read, and nobody says why"
    decision = decide(run, Severity.INFO)
    assert decision.exit_code == (2 if run.troubles or not run.roots else 1 if any(f.is_failed for f in run.findings) else 0)
    for painted in (False, True):
        as_console(run, painted=painted).encode()
    assert all(harmless(line) == line for line in as_console(run).split("\n"))
    said = as_json(run)
    assert said.isascii() and len(json.loads(said)["findings"]) == len(run.findings)
    return run


@given(st.sampled_from(mutants.cases()), st.randoms(use_true_random=False))
def test_a_mutant_ends_with_verdicts_or_named_troubles(case: str, chance: Random) -> None:
    files = mutants.mutant(mutants.files_of(case), chance)
    note("\n".join(f"--- {name}\n{text!r}" for name, text in files.items()))
    with tempfile.TemporaryDirectory() as folder:
        run = ends_well(mutants.write(files, Path(folder)))
        assert unaccounted(run, Path(folder)) == []


def unaccounted(run: Run, base: Path) -> list[str]:
    """Folders with Terraform of which the run says nothing: no root, in no trouble, and meant by no module call in any file.

    The last is guessed widely, from the text: whether a call is one is for the reader to say.
    """
    text = "".join(path.read_text("utf-8", "replace") for path in base.rglob("*") if path.is_file())
    named = {*run.roots, *(part for trouble in run.troubles for part in (trouble.file, str(Path(trouble.file).parent)))}
    silent = []
    for folder, names, files in os.walk(base):
        names[:] = [name for name in names if not name.startswith(".")]
        shown = Path(folder).relative_to(base).as_posix()
        if any(name.endswith(SUFFIXES) and name[0] not in ".#" for name in files) and shown not in named:
            silent.append(shown)
    return [folder for folder in silent if not ("source" in text and Path(folder).name in text)]


@pytest.mark.parametrize(
    "text", ["", "\n", "#", "/*", "}", "resource", 'resource "aws_lambda_function" "f"', "\ufeff", "a = 1\n", "locals {}\n"]
)
def test_next_to_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    ends_well(tmp_path)


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("main.tf", "more.tf.json", "terraform.tfvars", "x.auto.tfvars.json", "override.tf"):
            (Path(folder) / name).write_bytes(content)
        ends_well(Path(folder))


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["${var.x}", "${", "%{ if true }", "${a}\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["aws_lambda_function", "vpc_config", "subnet_ids", "dynamic", "content", "for_each", "count", "source", "//", "f"]
            )
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(["resource", "data", "module", "variable", "output", "provider", "locals", "terraform", "x"]), ANYTHING, max_size=3
    )
)
def test_any_terraform_in_json(content: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.tf.json").write_text(json.dumps(content))
        ends_well(Path(folder))
