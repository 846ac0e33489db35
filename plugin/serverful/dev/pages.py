"""Writes what follows from the policies: a page for each, and the README's table and picture.

    python -m serverful.dev.pages           writes policies/<group>/<slug>.md, the table in README.md and its picture
    python -m serverful.dev.pages --check   compares, and names what is stale; what the tests run

Works in a clone, where `fixtures/` and README.md are. What a page says the tool prints was printed by it, on the bad fixture.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from serverful import catalogue
from serverful.dev.picture import PICTURE, drawn, words
from serverful.errors import ServerfulError, UsageError
from serverful.evidence.categories import categories_of
from serverful.policy import Policy

COMMAND = "python -m serverful.dev.pages"
BEGIN, END = "<!-- policies:begin -->", "<!-- policies:end -->"

# Reasons end; a page that is written again next year must come out the same.
PINNED_DAY = "2026-11-23"

_TOP = Path(__file__).resolve().parents[3]


def page_of(policy: Policy, bad: str, good: str, printed: str) -> str:
    """One policy's page. `bad` and `good` are Terraform as `without_expectations` leaves it, `printed` the report on `bad`."""
    return f"""\
<!-- Written by `{COMMAND}`; edit the policy and its fixtures instead. -->

# {policy.id}: {policy.title}

| | |
|---|---|
| Severity | {policy.severity.name} |
| Principle | {policy.principle.value} |
| File | `{Path(policy.file).parent.name}/{policy.slug}.py` |

## Why

{policy.docstring}

## Instead

{_capital(policy.recommendation)}

## Avoid

```terraform
{bad}
```

## Prefer

```terraform
{good}
```

## What it prints

`serverful scan . --check {policy.id}` beside the first of the two:

{_fenced(printed)}

## To answer it

{_how_to_answer(policy, printed)}

## To skip it

For one block, by a comment inside it. It is shown as skipped, without an owner or an end date, and is no recorded reason:

```terraform
# checkov:skip={policy.id}:why it is left out here
```

For a whole run: `serverful scan --skip-check {policy.id} .`, or the same option of `checkov`.
"""


def _how_to_answer(policy: Policy, printed: str) -> str:
    if policy.feature is None and f"--feature {policy.id}" not in printed:
        return "Each finding names the reason that answers it, and the command that prints the lines to paste, as above."
    key = policy.feature or policy.id
    where = f"in a tag of the block or in a comment inside it, under the key `serverful:{key}`"
    first = f"Record the reason {where}" if policy.feature else f"Only a reason that names the policy itself answers it, {where}"
    also = (
        f" A reason that names the policy itself (`--feature {policy.id}`) answers it too, "
        "also where the configuration itself shows that the feature buys nothing."
        if policy.feature
        else ""
    )
    return f"""\
{first}. This prints the lines to paste:

```sh
serverful reason ADDRESS --feature {key} --category ... --until YYYY-MM-DD --owner ... --text "..."
```

The categories are {", ".join(f"`{category}`" for category in categories_of(key))}.{also}"""


def table_of(policies: Sequence[Policy]) -> str:
    """The README's table, between its markers."""
    rows = [f"| [{p.id}](policies/{Path(p.file).parent.name}/{p.slug}.md) | {p.severity.name} | {p.title} |" for p in policies]
    return "\n".join([BEGIN, "| Policy | Severity | Holds when |", "|---|---|---|", *rows, END])


def without_expectations(terraform: str) -> str:
    """A fixture as one would write it: without what tests expect of its lines (`# expect: bad`)."""
    return re.sub(r"[ \t]*(?:#|//)[ \t]*expect:.*", "", terraform).strip()


def with_table(readme: str, table: str) -> str:
    """The README with a new table between its markers. Raises UsageError when they are not there."""
    found = re.search(re.escape(BEGIN) + ".*?" + re.escape(END), readme, re.DOTALL)
    if found is None:
        raise UsageError(f"README.md has no {BEGIN} ... {END} to put the table of policies into.")
    return readme[: found.start()] + table + readme[found.end() :]


def written(top: Path = _TOP) -> dict[Path, str]:
    """Every file that follows from the policies, with what it ought to say. Runs the real command once per policy."""
    policies = catalogue.load()
    pages = {}
    for policy in policies:
        bad, good = (top / "fixtures" / policy.slug / word / "main.tf" for word in ("bad", "good"))
        for file in (bad, good):
            if not file.is_file():
                raise UsageError(f"{policy.id} has no {file.relative_to(top).as_posix()}; a page shows what to avoid and what to prefer.")
        printed = printed_on(bad.parent, policy, top)
        pages[Path(policy.file).with_suffix(".md")] = page_of(
            policy, without_expectations(bad.read_text("utf-8")), without_expectations(good.read_text("utf-8")), printed
        )
    readme = top / "README.md"
    if readme.is_file():
        pages[readme] = with_table(readme.read_text("utf-8"), table_of(policies))
    return pages


def printed_on(folder: Path, policy: Policy, top: Path) -> str:
    """What `serverful scan . --check ID` prints in a copy of that folder, so that its lines are those of the Terraform on the page.

    Raises UsageError unless it has findings: a page without one shows nothing.
    """
    with tempfile.TemporaryDirectory(prefix="serverful-pages-") as temporary:
        copy = Path(temporary, "copy")
        shutil.copytree(folder, copy)
        for file in copy.rglob("*.tf"):
            file.write_text(without_expectations(file.read_text("utf-8")) + "\n", encoding="utf-8")
        (copy / ".git").mkdir()  # places are relative to the git top level; this is one, wherever the copy lies
        done = subprocess.run(
            [sys.executable, "-m", "serverful", "scan", ".", "--check", policy.id, "--fail-on", "INFO"],
            cwd=copy,
            env={**os.environ, "SERVERFUL_TODAY": PINNED_DAY, "NO_COLOR": "1", "PYTHONPATH": str(top / "plugin")},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode != 1:
        raise UsageError(
            f"`serverful scan {folder.relative_to(top).as_posix()} --check {policy.id}` ended with {done.returncode}, not with findings:\n"
            f"{done.stdout}{done.stderr}"
        )
    return done.stdout.strip()


def stale(pages: Mapping[Path, str]) -> list[Path]:
    """The files that do not say what they ought to."""
    return [path for path, text in pages.items() if not path.is_file() or path.read_text("utf-8") != text]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when a page is stale.")
def main(check: bool) -> None:
    """Write the policies' pages, the README's table and its picture."""
    try:
        pages = written()
        picture = drawn(_TOP, PINNED_DAY)
    except ServerfulError as error:
        raise click.ClickException(str(error)) from error
    changed = stale(pages)
    file = _TOP / PICTURE
    if not file.is_file() or words(file.read_text("utf-8")) != words(picture):
        changed.append(file)
        pages[file] = picture
    for path in changed:
        if not check:
            path.write_text(pages[path], encoding="utf-8")
        click.echo(f"{'stale' if check else 'written'}: {path.relative_to(_TOP).as_posix()}")
    if check and changed:
        raise click.ClickException(f"to write them anew: {COMMAND}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _fenced(text: str) -> str:
    """A fence longer than any inside it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


if __name__ == "__main__":
    main()
