"""Records of several readings as one: what was judged again counts, nothing else is lost, and the order of processes does not show."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runs_by_hand import TODAY, asks_for_destinations, asks_for_private_things, finding, recorded, unexplained, whole_run
from serverful.finding import Note, Run, Trouble
from serverful.policy import Policy, Severity
from serverful.record.joined import decided, joined, remarked
from serverful.record.made import record_of
from serverful.record.v1 import CellV1, FunctionV1, PlaceV1, RunV1


def reading(
    paths: str,
    *roots: str,
    base: str = "git",
    says: str = "",
    troubles: tuple[str, ...] = (),
    asked: tuple[Policy, ...] = (asks_for_private_things,),
    fail_on: Severity | None = Severity.MEDIUM,
) -> RunV1:
    """The record of a reading of these roots, with a failure, a function and the named troubles in each; `says` tells two of them apart."""
    verdict = replace(unexplained(), says=says or f"read with {paths}")
    run = Run(
        findings=[finding(f"of_{root}", verdict, root=root) for root in roots],
        troubles=[Trouble(root, f"broken by {paths} {says}", "means", "mend") for root in troubles],
        roots=list(roots),
        functions=len(roots),
        policies=len(asked),
        unread=[f"unread in {paths} {says}"],
        notes=[Note(f"note of {paths} {says}", "file")],
        asked=list(asked),
        scanned=[paths],
        base=base,
        paths=paths,
    )
    record = recorded(run, fail_on)
    cell = CellV1("networking", "unexplained", "says", None, None, [], [])
    functions = [FunctionV1(f"f_{root}", PlaceV1(root, f"f_{root}", f"{root}/main.tf", 1, 2), [cell]) for root in roots]
    return replace(record, functions=functions)


def told(record: RunV1) -> dict[str, str]:
    """What is said of each root."""
    return {one.place.root: one.says for one in record.findings}


def test_readings_of_several_folders_stand_side_by_side() -> None:
    made = joined(reading("a", "a/one", "a/two"), reading("b", "b/one", troubles=("b/one",)))
    assert made.roots == ["a/one", "a/two", "b/one"]
    assert told(made) == {"a/one": "read with a", "a/two": "read with a", "b/one": "read with b"}
    assert [part.scanned for part in made.parts] == [["a"], ["b"]]
    assert [one.part for one in made.findings] == [one.part for one in made.functions] == [0, 0, 1]
    assert [(one.root, one.part) for one in made.troubles] == [("b/one", 1)]
    assert [one.part for one in made.unread] == [one.part for one in made.notes] == [0, 1]
    assert (made.counts.roots, made.counts.functions, made.counts.failed, made.counts.troubles) == (3, 3, 3, 1)
    assert (made.decision.exit_code, made.decision.fail_on) == (2, "MEDIUM")


def test_the_same_reading_is_replaced_wholly() -> None:
    before = reading("a", "one", "gone", troubles=("gone", "elsewhere"), asked=(asks_for_private_things, asks_for_destinations))
    after = reading("a", "one", says="again")
    assert joined(before, after) == joined(after, after)
    assert told(joined(before, after)) == {"one": "again"}
    assert [policy.id for policy in joined(before, after).policies] == ["SLS_VPC_1"], "what nobody asked any more is no policy of it"


def test_a_root_that_was_judged_again_is_replaced_with_its_troubles() -> None:
    made = joined(reading("all", "one", "two", troubles=("one", "two", "elsewhere")), reading("only", "one"))
    assert told(made) == {"one": "read with only", "two": "read with all"}
    assert [part.roots for part in made.parts] == [["two"], ["one"]]
    assert [trouble.root for trouble in made.troubles] == ["two", "elsewhere"]
    assert [function.address for function in made.functions] == ["f_one", "f_two"]


def test_a_part_goes_with_its_last_root() -> None:
    made = joined(joined(reading("all", "one", "two", troubles=("elsewhere",)), reading("first", "one")), reading("second", "two"))
    assert [part.scanned for part in made.parts] == [["first"], ["second"]]
    assert (made.troubles, made.decision.exit_code) == ([], 1)
    assert {one.says for one in made.unread} == {"unread in first ", "unread in second "}


def test_what_could_not_be_read_at_all_stays_until_it_is() -> None:
    broken = reading("a", troubles=(".",))
    beside = joined(broken, reading("b", "one"))
    assert beside.decision.exit_code == 2
    assert joined(beside, reading("a", "two")).troubles == []


def test_roots_of_one_name_in_several_folders_are_several() -> None:
    """Outside of git names are relative to the scanned folder: `.` is not `.`."""
    made = joined(reading("a", ".", base="/a"), reading("b", ".", base="/b"))
    assert sorted((one.says, one.part) for one in made.findings) == [("read with a", 0), ("read with b", 1)]
    assert made.counts.roots == 2
    again = joined(made, reading("also a", ".", base="/a"))
    assert sorted(one.says for one in again.findings) == ["read with also a", "read with b"]
    (note,) = remarked(again, "run.json").notes[2:]
    assert (note.file, "several roots of one name (.)" in note.says) == ("run.json", True)


def test_source_and_plan_and_both_doors_stand_side_by_side() -> None:
    run = Run(scanned=["."], paths="same", base="same", policies=1, asked=[asks_for_private_things])
    records = [
        record_of(replace(run, kind=kind, roots=[name]), fail_on=None, today=TODAY, tool_version="1", door=door)
        for kind, name, door in (("source", "a", "scan"), ("source", "b", "checkov"), ("plan", "plan.json", "checkov"))
    ]
    for order in permutations(records):
        assert [(part.kind, part.door) for part in reduce(joined, order).parts] == [
            ("plan", "checkov"),
            ("source", "checkov"),
            ("source", "scan"),
        ]


@pytest.mark.parametrize(
    ("one", "other", "stricter"),
    [
        (Severity.HIGH, Severity.LOW, "LOW"),
        (None, Severity.HIGH, "HIGH"),
        (None, None, "never"),
    ],
)
def test_the_stricter_level_decides(one: Severity | None, other: Severity | None, stricter: str) -> None:
    made = joined(reading("a", "a", fail_on=one), reading("b", "b", fail_on=other))
    assert made.decision.fail_on == stricter
    assert made.decision.exit_code == (0 if stricter in {"never", "HIGH"} else 1)


def test_another_level_is_decided_anew() -> None:
    record = recorded(replace(whole_run(), troubles=[]))
    assert decided(record, Severity.HIGH).decision.because == "1 finding at HIGH or above, besides 1 in the baseline"
    assert (decided(record, None).decision.exit_code, decided(record, None).decision.fail_on) == (0, "never")
    assert decided(record, Severity.MEDIUM) == record


def test_what_the_parts_do_not_share_is_remarked() -> None:
    one = recorded(Run(roots=["a"], scanned=["a"], paths="a", policies=1))
    other = recorded(Run(roots=["b"], scanned=["b"], paths="b", policies=1))
    assert remarked(joined(one, other), "run.json") == joined(one, other)
    newer = replace(other, parts=[replace(other.parts[0], today="2026-02-01", serverful="0.2.0")])
    days, versions = remarked(joined(one, newer), "run.json").notes
    assert days.says.startswith(
        "holds answers of several days, 2026-01-15 to 2026-02-01; the older ones are those about a. Remove the file"
    )
    assert versions.says.startswith("holds answers of several versions of serverful: 0.1.0, 0.2.0.")
    assert joined(one, newer).today == "2026-02-01"


def test_that_not_every_part_was_asked_the_same_is_remarked() -> None:
    narrow, wide = reading("a", "a"), reading("b", "b", asked=(asks_for_private_things, asks_for_destinations))
    (note,) = [one for one in remarked(joined(narrow, wide), "run.json").notes if one.file == "run.json"]
    assert note.says.startswith("holds answers to different questions: not all 2 policies were asked about a, so silence")
    assert not [one for one in remarked(joined(narrow, reading("b", "b")), "run.json").notes if one.file == "run.json"]


PATHS = {"x": ("one", "two"), "y": ("two", "three"), "z": ("one",), "w": ("four",), "broken": ()}


@st.composite
def readings(draw: st.DrawFn) -> RunV1:
    """Of the same paths always the same roots, with other answers and troubles."""
    paths = draw(st.sampled_from(sorted(PATHS)))
    roots = PATHS[paths]
    troubles = draw(st.lists(st.sampled_from(["elsewhere", *roots]), max_size=2, unique=True))
    level = draw(st.sampled_from([None, Severity.LOW, Severity.HIGH]))
    base = draw(st.sampled_from(["/a", "/b"]))
    return reading(f"{base} {paths}", *roots, base=base, says=draw(st.sampled_from("st")), troubles=tuple(troubles), fail_on=level)


@given(
    st.lists(readings(), min_size=1, max_size=3), st.lists(readings(), min_size=1, max_size=3), st.lists(readings(), min_size=1, max_size=3)
)
def test_joining_is_associative_and_idempotent(first: list[RunV1], second: list[RunV1], third: list[RunV1]) -> None:
    one, two, three = (reduce(joined, some) for some in (first, second, third))
    assert joined(joined(one, two), three) == joined(one, joined(two, three))
    whole = joined(one, two)
    assert joined(whole, whole) == whole
    assert joined(whole, two) == whole


@given(st.lists(readings(), min_size=1, max_size=5))
def test_no_trouble_is_lost_while_its_part_lives(records: list[RunV1]) -> None:
    made = reduce(joined, records)
    for number, part in enumerate(made.parts):
        last = [record for record in records if record.parts[0].paths == part.paths][-1]
        expected = [one.what for one in last.troubles if one.root == "elsewhere" or one.root in part.roots]
        assert [one.what for one in made.troubles if one.part == number] == expected


def test_one_order_whoever_comes_first() -> None:
    records = [reading("c", "three"), reading("a", "one", "two"), reading("b", "four", troubles=("four",))]
    assert len({repr(reduce(joined, order)) for order in permutations(records)}) == 1
