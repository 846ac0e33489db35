"""SVG that stands for itself: well-formed, without anything that acts or is fetched, told in words as well."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from diagrams_by_hand import HOSTILE, design, drawn
from serverful.diagram.drawing import Diagram, Node, NodeKind
from serverful.diagram.folding import folded
from serverful.diagram.radius import function_diagram, radius_diagram
from serverful.estate.model import Function
from serverful.report.svg import to_svg
from serverful.report.svg_style import LOOKS, width_of
from serverful.report.text import harmless
from snapshots import agrees_with_snapshot

SVG = "{http://www.w3.org/2000/svg}"
# No `a`, `image`, `use`, `script`, `foreignObject`, no animation.
ELEMENTS = {"svg", "g", "title", "desc", "style", "rect", "path", "text"}


def read(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode("utf-8"))


def test_nothing_in_it_acts_or_is_fetched() -> None:
    text = to_svg([drawn(*HOSTILE)])
    root = read(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ELEMENTS
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name or name == "style"]
    (style,) = root.iter(f"{SVG}style")
    assert "url(" not in str(style.text) and "@import" not in str(style.text)
    assert set(re.findall(r"https?://[\w./]+", "".join(text.split("</desc>")[0].split("<title")[0]))) == {"http://www.w3.org/2000/svg"}


@given(st.lists(st.text(st.characters()), min_size=1, max_size=4), st.text(st.characters()))
@example(list(HOSTILE), HOSTILE[1])
def test_whatever_stands_in_it_it_is_well_formed_and_says_it(texts: list[str], title: str) -> None:
    root = read(to_svg([drawn(*texts, title=title)]))
    first = root.find(f"{SVG}title")
    assert first is not None and (first.text or "") == harmless(title).replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")


def test_it_is_told_in_words_to_who_cannot_see_it() -> None:
    whole = design("legacy_vpc")
    diagram = radius_diagram(whole)
    assert diagram is not None
    root = read(to_svg([folded(diagram)]))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and desc is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    told = str(desc.text)
    assert told.startswith("7 of 8 functions take layers of the stack back from AWS: networking. ")
    assert "Route table aws_route_table.private: to NAT gateway aws_nat_gateway.shop (0.0.0.0/0)." in told
    assert "Internet gateway aws_internet_gateway.shop: not to internet (no public address)." in told
    assert "Role aws_iam_role.functions: used by 4 functions" in told


def test_light_and_dark() -> None:
    text = to_svg([drawn("a")])
    light, dark = text.split("@media (prefers-color-scheme:dark){")
    assert ".page,.under{fill:#ffffff}" in light and ".page,.under{fill:#0d1117}" in dark
    assert set(LOOKS) == set(NodeKind)
    for look in set(LOOKS.values()):
        assert f".{look} .heading" in light and f".{look} .heading" in dark


def test_long_names_are_shortened_in_the_middle_and_told_in_full() -> None:
    name = "aws_subnet." + "x" * 100 + ".end"
    root = read(to_svg([Diagram("t", "r", (), (Node("a", NodeKind.SUBNET, "subnet", (name,)),), ())]))
    (shown,) = (element.text for element in root.iter(f"{SVG}text") if element.get("class") == "name")
    assert shown is not None and len(shown) < 50 and shown.startswith("aws_subnet.x") and shown.endswith("x.end") and "…" in shown
    assert name in [title for element in root.iter(f"{SVG}title") for title in str(element.text).split(", ")]


def test_no_box_covers_another_and_all_is_within_the_page() -> None:
    for name in ("legacy_vpc", "shared_everything", "cqrs_stream", "file_exchange", "three_modules"):
        diagram = radius_diagram(design(name))
        assert diagram is not None
        root = read(to_svg([folded(diagram)]))
        page = [float(root.get(side, "")) for side in ("width", "height")]
        boxes = []
        for group in root.iter(f"{SVG}g"):
            rects = [rect for rect in group.findall(f"{SVG}rect") if str(rect.get("class")).startswith("box")]
            if rects:
                boxes.append([float(rects[-1].get(part, "")) for part in ("x", "y", "width", "height")])
        assert len(boxes) == len(folded(diagram).nodes)
        assert all(x >= 0 and y >= -0.1 and x + width <= page[0] and y + height <= page[1] for x, y, width, height in boxes)
        for number, (x, y, width, height) in enumerate(boxes):
            for x2, y2, width2, height2 in boxes[:number]:
                assert x >= x2 + width2 or x2 >= x + width or y >= y2 + height2 or y2 >= y + height, name


def test_several_drawings_stand_below_each_other() -> None:
    one, two = drawn("a", title="Radius of a"), drawn("b", title="Radius of b")
    root = read(to_svg([one, two]))
    titles = [element.text for element in root.iter(f"{SVG}text") if element.get("class") == "title"]
    assert titles == ["Radius of a", "Radius of b"]
    assert float(root.get("height", "0")) > float(read(to_svg([one])).get("height", "0")) * 1.5


def test_what_is_unknown_is_dashed_and_explained() -> None:
    text = to_svg([drawn("a", "b")])
    assert 'class="box unknown"' in text and "Dashed: decided outside this root." in text
    certain = to_svg([drawn("a")])
    assert 'class="box unknown"' not in certain and "Dashed" not in certain


def test_widths_of_letters() -> None:
    assert width_of("iiii", 10) < width_of("aaaa", 10) < width_of("WWWW", 10)
    assert width_of("日本", 10) > width_of("ab", 10)
    assert width_of("a\u0301", 10) == width_of("a", 10)


def test_the_picture_of_a_design() -> None:
    whole = design("legacy_vpc")
    radius = radius_diagram(whole)
    nightly = whole.thing("aws_lambda_function.nightly_report")
    assert radius is not None and isinstance(nightly, Function)
    agrees_with_snapshot(to_svg([folded(radius)]) + "\n", "legacy_vpc.svg")
    agrees_with_snapshot(to_svg([folded(function_diagram(nightly, whole))]) + "\n", "legacy_vpc_nightly_report.svg")
