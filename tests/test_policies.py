"""Every policy on its fixtures: `fixtures/<slug>/<word>[_<why>]/`, judged from source as `serverful scan` does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from expectations import FIXTURES, NONE, NOT_OF_A_POLICY, WORDS, base_of, disagreements, expectations_in
from serverful import catalogue
from serverful.finding import Run
from serverful.scan import scan

TODAY = date(2026, 11, 23)
POLICIES = {policy.slug: policy for policy in catalogue.load()}


@dataclass(frozen=True)
class Case:
    """One fixture. `word` is the first of its folder's name: what the case is mainly about."""

    slug: str
    name: str

    @property
    def folder(self) -> Path:
        return FIXTURES / self.slug / self.name

    @property
    def word(self) -> str:
        return self.name.partition("_")[0]

    def __str__(self) -> str:
        return f"{self.slug}/{self.name}"


SLUGS = sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir() and folder.name not in NOT_OF_A_POLICY)
CASES = [Case(slug, folder.name) for slug in SLUGS for folder in sorted((FIXTURES / slug).iterdir()) if folder.is_dir()]


@cache
def run_of(slug: str) -> Run:
    """All cases of a policy in one scan: as many roots, which must not disturb one another."""
    return scan([FIXTURES / slug], today=TODAY, check=[POLICIES[slug].id])


def test_every_policy_has_its_fixtures_and_every_fixture_its_policy() -> None:
    needed = sorted(WORDS.values())
    had = {slug: sorted(case.name for case in CASES if case.slug == slug and case.name in needed) for slug in SLUGS}
    assert had == dict.fromkeys(POLICIES, needed)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    run, expected = run_of(case.slug), expectations_in(case.folder)
    assert case.word in {expectation.word for expectation in expected}, "a case that does not expect its own word proves nothing"
    assert all(expectation.policy is None for expectation in expected), "the folder says which policy is meant"
    base = base_of(FIXTURES / case.slug)
    here = [finding for finding in run.findings if (base / finding.place.file).is_relative_to(case.folder)]
    assert disagreements(expected, here, base) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_fixtures_are_read_without_trouble(slug: str) -> None:
    run = run_of(slug)
    assert [str(trouble) for trouble in run.troubles] == []
    # A module of a registry is never downloaded; that it is told is what those cases are about.
    assert [what for what in run.unread if "a module whose source is not here: terraform-aws-modules/" not in what] == []


def test_a_case_expects_one_of_the_words() -> None:
    assert {str(case): case.word for case in CASES if case.word not in {*WORDS.values(), NONE}} == {}
