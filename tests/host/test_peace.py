"""The shipped `.checkov.yaml`: with it, Checkov's own checks and our policies never ask for opposite things of one resource.

What contradicts: a built-in says of a resource that something serverful is wanted there (it failed for want of it, or passed because of
it), and our policies would rather not see that there. What the built-ins want is read from their titles, so that one that Checkov adds
tomorrow is found as well.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from expectations import FIXTURES
from real_checkov import REPOSITORY, Scan, probes, scan
from serverful import catalogue
from serverful.policy import Severity

CONFIG = REPOSITORY / ".checkov.yaml"
SETTINGS = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
SKIPPED = SETTINGS["skip-check"]

# The ones the catalogue wants to run beside ours, whatever they ask.
KEPT = {"CKV2_AWS_19", *(f"CKV_AWS_{number}" for number in (45, 50, 173, 258, 272, 301, 309, 363, 364))}

# Of which resource a built-in must not ask for what.
WANTED = {
    "a VPC": (r"\bVPC\b", r"aws_lambda_(function|capacity_provider)\."),
    "reserved concurrency": (r"\bconcurrent\b", r"aws_lambda_function\."),
    "a queue that nothing fills": (r"Dead Letter|\bDLQ\b", r"aws_lambda_function\."),
    "a NAT gateway": (r"\bNAT\b", r"aws_(route|route_table|nat_gateway|subnet|lambda_function|default_route_table)\."),
    "a public address": (r"(?<!not )\bassign.*\bpublic\b|\bmust be public\b", r"aws_(subnet|eip|lambda_function)\."),
    "authorization of a preflight request": (r"API gateway method has authorization", r"aws_api_gateway_method\."),
}


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """All fixtures, all built-ins and all our policies, with the shipped settings."""
    left_out = shutil.ignore_patterns("module_cycle")  # Checkov itself does not come to an end on it
    folder = shutil.copytree(FIXTURES, tmp_path_factory.mktemp("peace") / "fixtures", ignore=left_out)
    return scan(Path(folder), REPOSITORY / "policies", "--config-file", str(CONFIG))


def contradictions(found: Scan) -> list[tuple[str, str, str, str]]:
    """(what is wanted, by which built-in, file, resource); a PASSED that praises it counts as well as a FAILED that misses it."""
    return [
        (wanted, record.id, record.file, record.resource)
        for wanted, (title, resource) in WANTED.items()
        for record in found.built_in
        if re.search(title, record.title, re.IGNORECASE) and re.search(rf"(^|\.){resource}", record.resource)
    ]


def test_no_two_of_them_contradict_each_other_on_any_fixture(together: Scan) -> None:
    assert together.records and len(together.built_in) > 1_000, "both were asked"
    assert contradictions(together) == []


def test_nobody_asks_a_function_that_ours_would_have_leave_its_vpc_to_be_in_one(together: Scan) -> None:
    # Of a search domain and the like SLS_VPC_5 asks what its policy says, and not where it stands.
    failed = (r for r in together.records if r.outcome == "FAILED" and r.id.startswith("SLS_VPC_"))
    leaving = {(r.file, r.resource) for r in failed if re.search(r"(^|\.)aws_lambda_(function|capacity_provider)\.", r.resource)}
    asked = [r for r in together.built_in if (r.file, r.resource) in leaving and r.outcome == "FAILED"]
    assert leaving and asked, "functions that fail ours are asked other things"
    assert [record for record in asked if "VPC" in record.title] == []


def test_without_the_settings_they_do_contradict_each_other(tmp_path: Path) -> None:
    """What the settings settle is there: otherwise the tests above would prove nothing."""
    for case in ("vpc_reaches_something_private/none", "nat_serves_an_internet_destination/bad"):
        shutil.copytree(FIXTURES / case, tmp_path / case)
    (tmp_path / "api.tf").write_text(
        'provider "aws" {}\nresource "aws_api_gateway_rest_api" "a" {\n  name   = "a"\n'
        '  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }] })\n}\n'
        'resource "aws_api_gateway_method" "a" {\n  rest_api_id   = aws_api_gateway_rest_api.a.id\n  resource_id   = "x"\n'
        '  http_method   = "OPTIONS"\n  authorization = "NONE"\n}\n'
    )
    quarrels = contradictions(scan(tmp_path, REPOSITORY / "policies"))
    assert {built_in for _, built_in, _, _ in quarrels} == set(SKIPPED)
    shutil.copy(CONFIG, tmp_path)  # where Checkov looks by itself
    settled = scan(tmp_path, REPOSITORY / "policies")
    assert settled.built_in and contradictions(settled) == []


def test_what_is_to_run_beside_ours_does(together: Scan) -> None:
    assert not KEPT & set(SKIPPED)
    # Those of these that have something to say about a fixture.
    assert {"CKV2_AWS_19", "CKV_AWS_45", "CKV_AWS_50", "CKV_AWS_173", "CKV_AWS_272", "CKV_AWS_363"} <= {r.id for r in together.built_in}


def test_every_id_is_one_of_checkovs() -> None:
    """One that is mistyped, or that Checkov gave up, would skip nothing, and nobody would hear of it."""
    from checkov.docs_generator import get_checks
    from checkov.terraform.runner import Runner  # loads the registries

    assert Runner
    known = {check[0] for check in get_checks(["terraform"])}
    assert {*SKIPPED, *KEPT} - known == set()


def test_each_line_says_who_takes_over() -> None:
    """A policy that is named is there; one that is said to be not written yet is not."""
    comments = re.findall(r"((?:  #.*\n)+)  - (\w+)\n", CONFIG.read_text(encoding="utf-8").split("soft-fail-on:")[0])
    assert [built_in for _, built_in in comments] == SKIPPED
    for comment, built_in in comments:
        said = " ".join(comment.replace("#", " ").split())
        named = re.findall(r"SLS_[A-Z]+_\d+(?:, not written yet)?", said)
        assert named or "Nothing takes over" in said, built_in
        for name in named:
            assert (name.partition(",")[0] in catalogue.EXPECTED) is ("not written yet" not in name), f"{built_in}: {name}"


def test_the_package_has_the_same_file() -> None:
    assert catalogue.checkov_config().read_bytes() == CONFIG.read_bytes()


def test_low_is_shown_and_does_not_fail_the_run(tmp_path: Path) -> None:
    made = probes(tmp_path / "clone", REPOSITORY / "tests" / "host" / "probes" / "probe_by_name.py") / "policies"
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.tf").write_text(
        'provider "aws" {}\nresource "aws_lambda_function" "low" {\n  function_name = "low"\n  role = "r"\n}\n'
    )
    done = scan(tmp_path / "app", made, "--config-file", str(CONFIG), "--check", "SLS_*")
    assert [(record.outcome, record.severity) for record in done.records] == [("FAILED", "LOW")]
    assert done.code == 0


@pytest.mark.parametrize(
    ("case", "policy", "severity"),
    [
        ("serverful_feature_has_recorded_reason/bad", "SLS_RAD_3", Severity.INFO),
        ("vpc_reaches_something_private/bad", "SLS_VPC_1", Severity.MEDIUM),
    ],
)
def test_questions_do_not_fail_the_run_and_findings_do(case: str, policy: str, severity: Severity) -> None:
    done = scan(FIXTURES / case, REPOSITORY / "policies", "--config-file", str(CONFIG), "--check", policy)
    assert {record.severity for record in done.records if record.outcome == "FAILED"} == {severity.name}
    assert done.code == (1 if severity >= Severity.MEDIUM else 0)


def test_built_ins_have_no_severity_and_fail_the_run_as_before(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('provider "aws" {}\nresource "aws_sqs_queue" "q" {\n  name = "q"\n}\n')
    done = scan(tmp_path, REPOSITORY / "policies", "--config-file", str(CONFIG))
    assert done.built_in and {record.severity for record in done.built_in} == {None}
    assert (done.records, done.code) == ((), 1)
