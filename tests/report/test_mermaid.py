"""Mermaid that is really Mermaid, whatever text is in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diagrams_by_hand import HOSTILE, design, drawn
from serverful.diagram.drawing import Diagram, Node, NodeKind
from serverful.diagram.folding import folded, folded_together
from serverful.diagram.radius import function_diagram, radius_diagram
from serverful.estate.model import Function
from serverful.report.mermaid import to_mermaid
from serverful.report.mermaid_text import mermaid_text
from serverful.report.text import harmless
from snapshots import agrees_with_snapshot

# What may stand in a label: letters and numbers of any script, marks on them, harmless signs, entity codes, our own line breaks.
LABEL = re.compile(r"(?:[^\W_]|\w|[ ,.()/'+=\-_:?!]|\[\d+\]|#\d+;|\u0300-\u036f|[^\x00-\x7f])*")


@given(st.text())
def test_nothing_in_a_label_means_anything(text: str) -> None:
    made = mermaid_text(text)
    assert LABEL.fullmatch(made)
    assert not set('"`<>{}|&%;#') & set(re.sub(r"#\d+;", "", made))
    assert harmless(made) == made


@given(st.text())
def test_what_is_shown_is_what_was_written(text: str) -> None:
    """Decoded as Mermaid does it; but for the signs of which one that looks alike is taken."""
    alike = {"\N{SET MINUS}": "\\", "\N{FULLWIDTH DOLLAR SIGN}": "$", "\N{RATIO}": ":"}
    shown = re.sub(r"#(\d+);", lambda match: chr(int(match.group(1))), mermaid_text(text))
    expected = harmless(text).replace("\N{LATIN SMALL LIGATURE FL}", r"\ufb02").replace("\N{PILCROW SIGN}", r"\xb6")
    for sign, meant in alike.items():
        shown, expected = shown.replace(sign, meant), expected.replace(sign, meant)
    assert shown == expected


def test_addresses_stay_readable() -> None:
    assert mermaid_text("module.net.aws_subnet.private[0]") == "module.net.aws_subnet.private[0]"
    assert mermaid_text("0.0.0.0/0, 10.0.0.0/8") == "0.0.0.0/0, 10.0.0.0/8"
    assert mermaid_text("taken back: networking") == "taken back: networking"


ID = r"n\d+"
STATEMENT = re.compile(
    rf"""flowchart\ LR
    |\ \ acc(Title|Descr):\ [^\n]*
    |\ \ subgraph\ r\d+\["[^"\n]*"\]|\ \ \ \ direction\ LR|\ \ end
    |\ \ (?:\ \ )?{ID}(?:\["[^"\n]*"\]|\("[^"\n]*"\)|\(\["[^"\n]*"\]\))
    |\ \ (?:\ \ )?{ID}\ (?:-->|-\.->|---|-\.-|--x|-\.-x)(?:\|"[^"\n]*"\|)?\ {ID}
    |\ \ classDef\ \w+\ stroke[\w:\#,\ -]*
    |\ \ class\ {ID}(?:,{ID})*\ \w+""",
    re.VERBOSE,
)


@given(st.lists(st.text(), min_size=1, max_size=5), st.text())
@example(list(HOSTILE), "end")
def test_every_line_is_a_statement_of_ours(texts: list[str], title: str) -> None:
    one = drawn(*texts, title=title)
    for text in (to_mermaid([one]), to_mermaid([one, one])):
        assert [line for line in text.split("\n") if not STATEMENT.fullmatch(line)] == []


def test_several_roots_are_parts_of_one_diagram() -> None:
    text = to_mermaid([drawn("a", title="Radius of a"), drawn("b", title="Radius of b")])
    assert text.count("flowchart LR") == 1
    assert re.findall(r'subgraph (\w+)\["(.*)"\]', text) == [("r1", "Radius of a"), ("r2", "Radius of b")]
    ids = re.findall(r"^ +(n\d+)[\[(]", text, re.MULTILINE)
    assert len(ids) == len(set(ids)) == 4


def test_long_names_are_shortened_and_many_are_counted() -> None:
    nodes = (
        Node("a", NodeKind.SUBNET, "subnet", tuple(f"aws_subnet.a[{number}]" for number in range(1200))),
        Node("b", NodeKind.ROLE, "role", ("arn:" + "x" * 500,)),
    )
    text = to_mermaid([Diagram("t", "r", (), nodes, ())])
    assert 'n1["1200 subnets<br/>aws_subnet.a[0]<br/>aws_subnet.a[1]<br/>aws_subnet.a[2]<br/>aws_subnet.a[3]<br/>and 1,196 more"]' in text
    assert len(text) < 600 and "#8230;" in text


def test_a_text_that_would_be_refused_for_its_length_is_made_shorter() -> None:
    """Mermaid's `maxTextSize` is 50,000 characters, and a quote is five of them."""
    names = tuple('"' * 80 + str(number) for number in range(5))
    nodes = tuple(Node(str(number), NodeKind.ROLE, "role", names) for number in range(30))
    text = to_mermaid([Diagram("t", "r", (), nodes, ())])
    assert len(text) < 50_000 and text.count("roles<br/>") == 30
    short = tuple(Node(str(number), NodeKind.ROLE, "role", ("x" * 50,)) for number in range(30))
    assert "x" * 50 in to_mermaid([Diagram("t", "r", (), short, ())])


def test_the_text_of_a_design() -> None:
    whole = design("legacy_vpc")
    place_order = whole.thing("aws_lambda_function.place_order")
    radius = radius_diagram(whole)
    assert radius is not None and isinstance(place_order, Function)
    agrees_with_snapshot(to_mermaid([folded(radius)]) + "\n", "legacy_vpc.mmd")
    agrees_with_snapshot(to_mermaid([folded(function_diagram(place_order, whole))]) + "\n", "legacy_vpc_place_order.mmd")


# --- read by Mermaid itself --------------------------------------------------------------------------------------------------------

# Mermaid wants a browser's document to make text safe with; jsdom is one. Both are looked for and never fetched.
READ = """
const { JSDOM } = await import('jsdom');
const dom = new JSDOM('<body></body>');
globalThis.window = dom.window; globalThis.document = dom.window.document;
const mermaid = (await import('mermaid')).default;
const fs = await import('node:fs');
const said = [];
for (const text of JSON.parse(fs.readFileSync(process.argv[2], 'utf8'))) {
  try { said.push((await mermaid.parse(text)).diagramType); } catch (error) { said.push(String(error.message ?? error)); }
}
console.log(JSON.stringify(said));
"""


def modules() -> Path | None:
    """The folder in which `mermaid` and `jsdom` stand: SERVERFUL_NODE_MODULES, or node's global one."""
    named = os.environ.get("SERVERFUL_NODE_MODULES")
    npm = shutil.which("npm")
    places = [named] if named else [subprocess.run([npm, "root", "-g"], capture_output=True, text=True).stdout.strip()] if npm else []
    found = [Path(place) for place in places if place and all((Path(place) / name).is_dir() for name in ("mermaid", "jsdom"))]
    return found[0] if found else None


def test_mermaid_itself_reads_it(tmp_path: Path) -> None:
    node, there = shutil.which("node"), modules()
    if node is None or there is None:
        pytest.skip("node, mermaid or jsdom is missing: `npm install mermaid jsdom` somewhere, and SERVERFUL_NODE_MODULES=…/node_modules")
    texts = [to_mermaid([drawn(text, title=text)]) for text in HOSTILE]
    texts += [to_mermaid([drawn(*HOSTILE), drawn(*HOSTILE)])]
    for name in ("legacy_vpc", "shared_everything", "cqrs_stream", "file_exchange"):
        radius = radius_diagram(design(name))
        assert radius is not None
        texts += [to_mermaid([folded(radius)]), to_mermaid(folded_together([radius, radius, radius]))]
    (tmp_path / "node_modules").symlink_to(there, target_is_directory=True)
    (tmp_path / "read.mjs").write_text(READ, encoding="utf-8")
    (tmp_path / "texts.json").write_text(json.dumps([*texts, "flowchart LR\n  a[("]), encoding="utf-8")
    done = subprocess.run([node, "read.mjs", "texts.json"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *said, nonsense = json.loads(done.stdout)
    assert said == ["flowchart-v2"] * len(texts)
    assert "Parse error" in nonsense  # it does refuse what is none
