"""The JSON is a promise: its keys, their meaning and their order."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from runs_by_hand import as_json, finding, unexplained, whole_run
from serverful.estate.settings import Settings
from serverful.evidence.costs.cost import by_use, cost, hourly
from serverful.finding import Note, Run
from snapshots import agrees_with_snapshot


def said(run: Run) -> Any:
    return json.loads(as_json(run))


def test_the_shape_of_version_1() -> None:
    whole = said(whole_run())
    keys = "version serverful today decision counts parts roots policies functions findings troubles unread notes"
    assert list(whole) == keys.split()
    assert (whole["version"], whole["serverful"], whole["today"]) == (1, "0.1.0", "2026-01-15")
    assert whole["decision"] == {"exit_code": 2, "because": "1 trouble: not everything could be judged", "fail_on": "MEDIUM"}
    assert whole["counts"] == {
        "policies": 3,
        "functions": 8,
        "roots": 3,
        "failed": 4,
        "failed_by_severity": {"HIGH": 1, "MEDIUM": 2, "LOW": 1},
        "justified": 1,
        "undecided": 1,
        "passed": 1,
        "skipped": 1,
        "in_baseline": 1,
        "troubles": 1,
    }
    assert whole["roots"] == ["calm", "shop", "stock"]
    assert whole["troubles"] == [
        {
            "root": "stock",
            "file": "stock/main.tf",
            "line": 7,
            "what": "The file cannot be parsed.",
            "means": "Its functions were not judged.",
            "mend": "Mend line 7.",
            "policy": None,
            "address": None,
            "part": 0,
        }
    ]
    assert whole["unread"] == [{"says": "legacy (terragrunt.hcl): Terragrunt is not read", "part": 0}]


def test_the_whole_run() -> None:
    agrees_with_snapshot(as_json(whole_run()), "whole_run.json")


def test_a_finding_with_everything() -> None:
    ledger = next(f for f in said(whole_run())["findings"] if f["address"] == "aws_lambda_function.ledger")
    at = {"root": "shop", "address": "aws_lambda_function.ledger", "file": "shop/main.tf"}
    assert ledger == {
        "fingerprint": ledger["fingerprint"],
        "policy": {
            "id": "SLS_VPC_1",
            "slug": "asks_for_private_things",
            "title": "A function in a VPC reaches something private there",
            "principle": "without VPC",
        },
        "outcome": "justified",
        "severity": "MEDIUM",
        "kind": "unexplained",
        "address": "aws_lambda_function.ledger",
        "place": {**at, "line": 40, "end_line": 49},
        "telling": {**at, "line": 40, "end_line": 49},
        "argument": "vpc_config",
        "says": "nothing here says why it is in a VPC",
        "path": [
            {
                "says": "is attached to a VPC",
                "place": {"root": "shop", "address": "aws_lambda_function.a", "file": "shop/main.tf", "line": 3, "end_line": 12},
                "basis": "stated",
                "grade": None,
                "as_of": None,
            }
        ],
        "missed": ["a rule to a database"],
        "unknown": [],
        "recommendation": "leave the VPC.",
        "answered_by": None,
        "reason": {
            "key": "vpc",
            "category": "relational-database",
            "until": "2027-03-31",
            "owner": "payments",
            "text": "orders ledger is in Aurora",
            "source": "tag",
            "place": {**at, "line": 44, "end_line": 53},
        },
        "skipped": None,
        "in_baseline": False,
        "calls": [],
        "cost": None,
        "part": 0,
        "line_hash": None,
    }


def test_what_the_baseline_knows_counts_as_that_and_as_nothing_else() -> None:
    run = whole_run()
    run.findings[0] = replace(run.findings[0], in_baseline=True)
    whole = said(run)
    known = [f for f in whole["findings"] if f["in_baseline"]]
    assert [f["address"] for f in known] == ["aws_lambda_function.low", "aws_lambda_function.known"]
    assert {f["outcome"] for f in known} == {"failed"}
    assert whole["counts"]["in_baseline"] == 2 and whole["counts"]["failed_by_severity"] == {"HIGH": 1, "MEDIUM": 2}


def test_a_cost_shows_its_arithmetic_and_how_many_share_it() -> None:
    charge = hourly("aws_nat_gateway.out", "the NAT gateway aws_nat_gateway.out", "nat_gateway_hour", (1, "gateway"))
    made = cost([charge], [by_use("aws_nat_gateway.out", "per GB through a NAT gateway", "nat_gateway_gb")], sharing=3)
    shown = said(Run([replace(finding("a", unexplained()), cost=made)], roots=["shop"], policies=1))["findings"][0]["cost"]
    priced = {"price_as_of": charge.price.as_of.isoformat(), "price_source": charge.price.source}
    assert shown == {
        "says": str(made),
        "usd_a_month_at_least": "32.85",
        "region": "us-east-1",
        "as_of": "2026-08-21",
        "sharing": 3,
        "charges": [
            {
                "address": "aws_nat_gateway.out",
                "item": "the NAT gateway aws_nat_gateway.out",
                "arithmetic": "1 gateway × 730 h × 0.045 USD = 32.85 USD",
                "usd_a_month": "32.85",
                **priced,
            }
        ],
        "by_use": [{"address": "aws_nat_gateway.out", "unit": "per GB through a NAT gateway", "usd": "0.045", **priced}],
    }


def test_every_outcome_is_there_in_the_order_of_the_run() -> None:
    outcomes = [(f["outcome"], f["skipped"] is not None) for f in said(whole_run())["findings"]]
    assert outcomes == [("failed", False)] * 4 + [
        ("justified", False),
        ("undecided", False),
        ("failed", False),
        ("failed", True),
        ("passed", False),
    ]


def test_fingerprints_do_not_move_with_lines() -> None:
    def fingerprint(line: int, root: str = "shop") -> str:
        return str(said(Run([finding("a", unexplained(), line=line, root=root)], roots=[root], policies=1))["findings"][0]["fingerprint"])

    assert fingerprint(3) == fingerprint(300)
    assert fingerprint(3) != fingerprint(3, root="other")


def test_the_text_is_ascii_and_keeps_what_was_read() -> None:
    run = Run([finding("a", unexplained(), skipped="\x1b[2J né \U0001f600 \u202e \udcff \\ud800")], roots=["shop"], policies=1)
    text = as_json(run, None)
    assert text.isascii() and all(character == "\n" or character.isprintable() for character in text)
    assert json.loads(text)["findings"][0]["skipped"] == "\x1b[2J né \U0001f600 \u202e \\udcff \\ud800"


def test_notes_and_the_settings_file() -> None:
    run = Run(roots=["shop"], policies=1, notes=[Note("says", ".serverful.yaml", 7)], settings=Settings(file=".serverful.yaml"))
    assert said(run)["notes"] == [{"file": ".serverful.yaml", "line": 7, "says": "says", "part": 0}]
    assert said(run)["parts"][0]["settings"] == ".serverful.yaml"
    assert (said(Run())["notes"], said(Run())["parts"][0]["settings"]) == ([], None)


def test_the_text_is_that_of_pythons_own_writer() -> None:
    """It is written piece by piece, to spare time and memory; line breaks and blanks are part of what people compare."""
    strange = finding("über", unexplained(), root='a "quoted"\nroot')
    for run in (whole_run(), Run(), Run(findings=[strange], unread=["\x1b[31m", "名", "folder\udcff"])):
        text = as_json(run)
        assert text == json.dumps(json.loads(text), indent=2)
