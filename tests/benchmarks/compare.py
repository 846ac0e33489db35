"""How fast and how large serverful is, as ratios measured side by side in one run. By hand; pytest does not collect it.

    python tests/benchmarks/compare.py [--only a,b] [--json] [--repeats 5]

Ratios, because seconds are the machine's. What is compared runs in turns, in an order that is reversed each time, and the fastest of all
repeats counts, which is the one that was disturbed least. `a`, `c`, `h`, `i` and `j` are judged by processor seconds, which are the seconds
on the clock of a machine with nothing else to do, and stay that when it has; `b`, `d` and `g` are about waiting, and judged by the clock.
The other ratios stand beside. Exit code 1 when a target is missed.

  a  plain Checkov with our policies : plain Checkov with one empty external check, on a tree of 150 roots like serverless-patterns
  b  serverful scan : Checkov with our policies, on that tree
  c  our own part (reading and judging, in one process) on 5,000 functions in one root : on 1,000
  d  serverful scan : Checkov with our policies, on one small root
  e  memory of all processes of serverful scan on 5,000 functions in one root
  f  no target: what twenty more policies that have nothing to say would add to Checkov with ours
  g  serverful scan : Checkov with one empty check, on a plan of 5,000 functions, Checkov run only once; and the memory of ours
  h  our own part on a plan with 5,000 functions : on one with 1,000, by what makes them many, with and without the source beside it
  i  our own part with all policies : with the first thirteen, on 5,000 functions in one root
  j  each policy asked alone: on 5,000 functions of all designs in one root : on 1,000; the slowest five by name
  k  no target and no time: which reference data is older than a year
  l  rendering the record of 5,000 functions in each format: processor seconds, also as a share of what reading and judging took, and the
     memory of the whole process, which has read the record
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
sys.path.insert(0, str(HERE))

from large_plans import PLANS  # noqa: E402
from large_roots import SHAPES, designs  # noqa: E402
from measuring import Cost, alternating, fastest, least_cpu, machine, run, typical  # noqa: E402
from patterns_tree import patterns_tree, write  # noqa: E402
from reference_age import YEAR, ages  # noqa: E402
from serverful.report.formats import FORMATS  # noqa: E402

_ABOUT_WAITING = ("b", "d", "g")
TODAY = date(2026, 11, 23)
MORE = 20  # policies in case f
_FIRST = {"VPC": (1, 2, 3, 6, 7, 8, 10), "IP": (1, 2), "PC": (1, 2, 4), "RAD": (3,)}
FIRST = [f"SLS_{group}_{number}" for group, numbers in _FIRST.items() for number in numbers]  # those that had to be fast first
SLOWEST = 5  # policies in case j
WORTH_SECONDS = 0.25  # below, a ratio says nothing

MORE_POLICY = '''"""A policy that has nothing to say."""

import _clone  # noqa: F401

from serverful.estate import Estate, Function
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, not_ours


@policy(id="SLS_MORE_{number}", title="Nothing", principle=Principle.WITH_AGILITY, severity=Severity.INFO, recommendation="Nothing.")
def more_{number}(function: Function, estate: Estate) -> Verdict:
    """Nothing."""
    return not_ours("nothing")


check = on_checkov(more_{number})
'''


@dataclass(frozen=True)
class Measured:
    """One row. `value` is a ratio, or megabytes; `by` says of what. `target` is None where nothing is promised."""

    case: str
    what: str
    target: float | None
    value: float
    unit: str = ""
    by: str = ""
    clock_ratio: float | None = None
    median_ratio: float | None = None
    cpu_ratio: float | None = None
    seconds: tuple[float, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.target is None or self.value <= self.target

    @property
    def verdict(self) -> str:
        return "" if self.target is None else "met" if self.is_met else "MISSED"


class Bench:
    """The commands and trees that the cases share."""

    def __init__(self, folder: Path, repeats: int, roots: int, functions: tuple[int, int]) -> None:
        self.folder = folder
        self.repeats = repeats
        self.roots = roots
        self.functions = functions
        self.env = {**os.environ, "PYTHONPATH": str(REPOSITORY / "plugin"), "SERVERFUL_TODAY": TODAY.isoformat()}

    @cached_property
    def patterns(self) -> Path:
        return write(patterns_tree(self.roots), self.folder / "patterns")

    @cached_property
    def small_root(self) -> Path:
        """A function, its role, an API, a VPC and a database."""
        return next(path for path in sorted(self.patterns.iterdir()) if path.name.startswith("function-and-database"))

    def large_root(self, shape: str, functions: int) -> Path:
        folder = self.folder / f"{shape}-{functions}"
        return folder if folder.exists() else write({**SHAPES, designs.__name__: designs}[shape](functions), folder)

    def large_plan(self, shape: str, functions: int) -> Path:
        """The folder of the source; `plan.json` stands in it."""
        folder = self.folder / f"plan-{shape}-{functions}"
        return folder if folder.exists() else write(PLANS[shape](functions), folder)

    def checkov(self, what: Path, policies: Path, *more: str) -> list[str]:
        beside = Path(sys.executable).with_name("checkov")
        checkov = str(beside) if beside.exists() else shutil.which("checkov") or "checkov"
        named = ["-d", str(what), "--framework", "terraform"] if what.is_dir() else ["-f", str(what), "--framework", "terraform_plan"]
        return [checkov, *named, "--external-checks-dir", str(policies), "--skip-download", "--compact", "--quiet", *more]

    def scan(self, what: Path, *more: str) -> list[str]:
        return [sys.executable, "-m", "serverful", "scan", *more, str(what)]

    def growth(self, case: str, what: str, few: Sequence[str], many: Sequence[str]) -> Measured:
        """What our own part takes of many functions : of few; each is told what to read after `--own-part`."""
        fewer, more = self.functions
        return self.own_parts(case, f"{what}: {more:,} functions : {fewer:,}", 6 * more / fewer / 5, many, few)

    def own_parts(self, case: str, what: str, target: float, ours: Sequence[str], theirs: Sequence[str]) -> Measured:
        """What our own part takes of one thing : of another."""
        commands = {"ours": [sys.executable, __file__, "--own-part", *ours], "theirs": [sys.executable, __file__, "--own-part", *theirs]}
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for number in range(self.repeats):
            for name in commands if number % 2 == 0 else reversed(commands):
                said = json.loads(run(commands[name], env=self.env, keep=True).output)
                costs[name].append(Cost(said["wall"], said["cpu"]))
        return _ratio(case, what, target, costs["ours"], costs["theirs"])

    def ratio(self, case: str, what: str, target: float | None, ours: Sequence[str], theirs: Sequence[str]) -> Measured:
        costs = alternating({"ours": ours, "theirs": theirs}, self.repeats, env=self.env)
        return _ratio(case, what, target, costs["ours"], costs["theirs"])


def _ratio(case: str, what: str, target: float | None, ours: Sequence[Cost], theirs: Sequence[Cost]) -> Measured:
    clock, cpu = fastest(ours) / fastest(theirs), least_cpu(ours) / least_cpu(theirs)
    by, value = ("clock", clock) if case in _ABOUT_WAITING else ("cpu", cpu)
    return Measured(case, what, target, value, "", by, clock, typical(ours) / typical(theirs), cpu, (fastest(ours), fastest(theirs)))


OURS, EMPTY = REPOSITORY / "policies", HERE / "one_empty_check"


def a(bench: Bench) -> Iterator[Measured]:
    ours, empty = bench.checkov(bench.patterns, OURS), bench.checkov(bench.patterns, EMPTY)
    yield bench.ratio("a", "checkov, its own checks and our policies : and one empty check", 1.3, ours, empty)
    only_ours, only_empty = [*ours, "--check", "SLS_*"], [*empty, "--check", "CKV2_EMPTY_1"]
    yield bench.ratio("a", "the same with --check: ours alone : the empty one alone", 1.3, only_ours, only_empty)


def b(bench: Bench) -> Iterator[Measured]:
    scan, checkov = bench.scan(bench.patterns), bench.checkov(bench.patterns, OURS)
    yield bench.ratio("b", "serverful scan : checkov with our policies", 0.25, scan, checkov)
    yield bench.ratio("b", "serverful scan : checkov --check 'SLS_*'", 0.25, scan, [*checkov, "--check", "SLS_*"])


def c(bench: Bench) -> Iterator[Measured]:
    few, many = bench.functions
    for shape in SHAPES:
        yield bench.growth("c", shape, [str(bench.large_root(shape, few))], [str(bench.large_root(shape, many))])


def d(bench: Bench) -> Iterator[Measured]:
    scan, checkov = bench.scan(bench.small_root), bench.checkov(bench.small_root, OURS)
    yield bench.ratio("d", "one small root, serverful scan : checkov with our policies", 0.3, scan, checkov)
    yield bench.ratio("d", "the same, --format json", 0.3, bench.scan(bench.small_root, "--format", "json"), checkov)


def e(bench: Bench) -> Iterator[Measured]:
    many = bench.functions[1]
    for shape in SHAPES:
        for format_ in ("json", "console"):
            cost = run(bench.scan(bench.large_root(shape, many), "--format", format_), env=bench.env, memory=True)
            what = f"{shape}: {many:,} functions, serverful scan --format {format_}"
            yield Measured("e", what, 600, cost.megabytes or 0, "MB", seconds=(cost.wall,))


def f(bench: Bench) -> Iterator[Measured]:
    policies = bench.folder / "more_policies"
    shutil.copytree(OURS, policies, ignore=shutil.ignore_patterns("__pycache__"))
    files = {f"more/more_{number}.py": MORE_POLICY.format(number=number) for number in range(MORE)}
    write({"more/__init__.py": '"""Policies that have nothing to say."""\n', **files}, policies)
    for what, tree in (("tree", bench.patterns), (f"{bench.functions[0]:,} functions", bench.large_root("shared", bench.functions[0]))):
        more, ours = bench.checkov(tree, policies, "--check", "SLS_*"), bench.checkov(tree, OURS, "--check", "SLS_*")
        yield bench.ratio("f", f"checkov --check 'SLS_*' with {MORE} more policies : with ours, {what}", None, more, ours)


def g(bench: Bench) -> Iterator[Measured]:
    many = bench.functions[1]
    plan = bench.large_plan("different", many) / "plan.json"
    theirs = [run(bench.checkov(plan, EMPTY), env=bench.env)]  # minutes: once is enough to compare seconds with
    ours = [run(bench.scan(plan), env=bench.env) for _ in range(bench.repeats)]
    yield _ratio("g", f"a plan of {many:,} functions, serverful scan : checkov and one empty check", 0.2, ours, theirs)
    for shape in PLANS:
        cost = run(bench.scan(bench.large_plan(shape, many) / "plan.json", "--format", "json"), env=bench.env, memory=True)
        yield Measured("g", f"{shape}: a plan of {many:,} functions, serverful scan --format json", 1500, cost.megabytes or 0, "MB")


def h(bench: Bench) -> Iterator[Measured]:
    for shape in PLANS:
        few, many = (str(bench.large_plan(shape, number)) for number in bench.functions)
        yield bench.growth("h", f"{shape}, a plan", [f"{few}/plan.json"], [f"{many}/plan.json"])
        beside = ([f"{folder}/plan.json", "--source", folder] for folder in (few, many))
        yield bench.growth("h", f"{shape}, a plan beside its source", *beside)


def i(bench: Bench) -> Iterator[Measured]:
    many = bench.functions[1]
    for shape in (*SHAPES, designs.__name__):
        root = str(bench.large_root(shape, many))
        what = f"{shape}: {many:,} functions, all policies : the first {len(FIRST)}"
        yield bench.own_parts("i", what, 2, [root], [root, "--check", ",".join(FIRST)])


def j(bench: Bench) -> Iterator[Measured]:
    few, many = bench.functions
    by_number = {}
    for number in bench.functions:
        command = [sys.executable, __file__, "--apart", str(bench.large_root(designs.__name__, number))]
        by_number[number] = json.loads(run(command, env=bench.env, keep=True).output)
    slowest = sorted(by_number[many], key=lambda policy: -by_number[many][policy])
    worth = [policy for policy in slowest if by_number[many][policy] >= WORTH_SECONDS]
    for place, policy in enumerate(slowest if len(worth) < SLOWEST else worth):
        seconds = (by_number[many][policy], by_number[few][policy])
        growth = seconds[0] / max(seconds[1], 1e-9)
        if place < SLOWEST or growth > 6 * many / few / 5:
            what = f"{policy}: {many:,} functions : {few:,}"
            target = 6 * many / few / 5 if seconds[0] >= WORTH_SECONDS else None
            yield Measured("j", what, target, growth, "", "cpu", cpu_ratio=growth, seconds=seconds)


def k(bench: Bench) -> Iterator[Measured]:  # noqa: ARG001 (asked like the others)
    for name, age in ages(date.today()).items():
        if age > YEAR:
            yield Measured("k", f"{name} is {age} days old: look its sources up again", None, age, "days")


def l(bench: Bench) -> Iterator[Measured]:  # noqa: E743 (a case's letter)
    many = bench.functions[1]
    for shape in ("own", designs.__name__):
        record = bench.folder / f"{shape}.json"
        scanned = run([*bench.scan(bench.large_root(shape, many), "--format", f"json={record}")], env=bench.env)
        for name in FORMATS:
            command = [sys.executable, str(HERE / "rendering.py"), str(record), name, str(bench.folder / "rendered")]
            said = [json.loads(run(command, env=bench.env, keep=True, expect=(0,)).output) for _ in range(bench.repeats)]
            cpu, memory = min(one["cpu"] for one in said), max(one["megabytes"] for one in said)
            what = f"{shape}: {many:,} functions, {name}"
            yield Measured("l", what, 3, cpu, "s", "cpu", cpu_ratio=cpu / scanned.cpu)
            yield Measured("l", f"{what}, {said[0]['bytes'] / 1e6:.1f} MB of text", 500, memory, "MB")


CASES: dict[str, Callable[[Bench], Iterator[Measured]]] = {case.__name__: case for case in (a, b, c, d, e, f, g, h, i, j, k, l)}


def own_part(what: Path, source: Path | None, check: Sequence[str]) -> None:
    """Read and judge in this process, and say how long it took without start and report."""
    from serverful.scan import scan

    wall, cpu = time.perf_counter(), time.process_time()
    found = scan([what], today=TODAY, source=source, check=check)
    seconds = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "findings": len(found.findings)}
    if found.troubles:
        raise SystemExit(f"{what}: {found.troubles[0]}")
    print(json.dumps(seconds))


def table(rows: Sequence[Measured]) -> str:
    """The rows for people."""
    head = ("", "what", "target", "measured", "by", "verdict", "clock", "median", "cpu", "seconds on the clock")
    cells = [head]
    for row in rows:
        target = "" if row.target is None else f"{row.target:g}{row.unit and ' ' + row.unit}"
        measured = f"{row.value:.{2 if row.unit == 's' else 0}f} {row.unit}" if row.unit else f"{row.value:.2f}"
        ratios = (f"{ratio:.2f}" if ratio is not None else "" for ratio in (row.clock_ratio, row.median_ratio, row.cpu_ratio))
        seconds = " : ".join(f"{s:.2f}" for s in row.seconds)
        cells.append((row.case, row.what, target, measured, row.by, row.verdict, *ratios, seconds))
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(CASES), help="cases, by their letters: a,b")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--repeats", type=int, default=5, help="how often each command runs (5)")
    parser.add_argument("--roots", type=int, default=150, help="roots of the tree (150)")
    parser.add_argument(
        "--functions", type=int, nargs=2, default=(1000, 5000), metavar="N", help="functions of the large roots (1000 5000)"
    )
    parser.add_argument("--own-part", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--check", default="", help=argparse.SUPPRESS)
    parser.add_argument("--apart", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.own_part:
        own_part(chosen.own_part, chosen.source, chosen.check.split(",") if chosen.check else ())
        return 0
    if chosen.apart:
        from policies_apart import apart

        print(json.dumps(apart(chosen.apart)))
        return 0
    letters = [letter.strip() for letter in chosen.only.split(",")]
    if unknown := [letter for letter in letters if letter not in CASES]:
        parser.error(f"there is no case {', '.join(unknown)}; there are {', '.join(CASES)}")
    before = machine()
    with TemporaryDirectory(prefix="serverful-bench-") as folder:
        bench = Bench(Path(folder), chosen.repeats, chosen.roots, tuple(chosen.functions))
        rows = []
        for letter in letters:
            for row in CASES[letter](bench):
                rows.append(row)
                print(f"{row.case}  {row.what}: {row.value:.2f} {row.unit}".rstrip(), file=sys.stderr, flush=True)
    if chosen.json:
        measured = [{**asdict(row), "verdict": row.verdict} for row in rows]
        print(json.dumps({"machine": before, "repeats": chosen.repeats, "measured": measured}, indent=2))
    else:
        print(f"{before}; fastest of {chosen.repeats}, in turns\n\n{table(rows)}")
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
