"""Colours and sizes of drawings as SVG, and how wide a text will be. No font is brought along, so widths are guesses on the safe side."""

from __future__ import annotations

import unicodedata

from serverful.diagram.drawing import NodeKind

SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,sans-serif"
MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"

HEADING, NAME, NOTE, LABEL, TITLE, SAYS = 11.0, 11.5, 11.0, 10.5, 16.0, 12.5  # sizes of letters

# A word for each look; kinds of one trade look alike.
LOOKS = {
    NodeKind.FUNCTION: "taken",
    NodeKind.SERVERLESS: "free",
    NodeKind.ROOT: "taken",
    NodeKind.PROVIDER: "taken",
    NodeKind.AWS_NETWORK: "free",
    NodeKind.SUBNET: "net",
    NodeKind.ROUTE_TABLE: "net",
    NodeKind.ENDPOINT: "gate",
    NodeKind.NAT_GATEWAY: "gate",
    NodeKind.GATEWAY: "gate",
    NodeKind.ADDRESS: "fixed",
    NodeKind.SECURITY_GROUP: "shared",
    NodeKind.ROLE: "shared",
    NodeKind.FILE_SYSTEM: "shared",
    NodeKind.UNDECIDED: "out",
    NodeKind.OUTSIDE: "out",
}
# Letters on a light page, and on a dark one: each at least 4.5 times as bright or dark as what is behind it (WCAG 2.2, 1.4.3).
_ACCENTS = {
    "taken": ("#a8470a", "#f5a55a"),
    "free": ("#15703a", "#6fd492"),
    "net": ("#1f57c4", "#84b0ff"),
    "gate": ("#6a35c9", "#bda4ff"),
    "fixed": ("#b5123f", "#ff93a8"),
    "shared": ("#0b6b6b", "#5fd4cf"),
    "out": ("#4a5565", "#aab5c4"),
}
_LIGHT = {
    "page": "#ffffff",
    "box": "#f8fafc",
    "edge": "#d3dae3",
    "text": "#1c2430",
    "quiet": "#566070",
    "line": "#7b8797",
    "stop": "#c2253f",
}
_DARK = {
    "page": "#0d1117",
    "box": "#161d27",
    "edge": "#333d4a",
    "text": "#e6ebf2",
    "quiet": "#a3adba",
    "line": "#7f8b9b",
    "stop": "#ff7b8a",
}


def style_sheet() -> str:
    """The style of a drawing. Colours are written out for both modes, because not every viewer knows variables of CSS."""
    return "\n".join(
        [
            f"text{{font-family:{SANS};font-size:{NOTE:g}px}}",
            f".title{{font-size:{TITLE:g}px;font-weight:600}}",
            f".says{{font-size:{SAYS:g}px}}",
            f".heading{{font-size:{HEADING:g}px;font-weight:600}}",
            f".name,.module{{font-family:{MONO};font-size:{NAME:g}px}}",
            f".label{{font-size:{LABEL:g}px}}",
            ".line,.stop{fill:none;stroke-width:1.4}",
            ".shared{stroke-width:1.1}",
            ".unknown,.box.unknown{stroke-dasharray:5 4}",
            ".box{stroke-width:1.2}",
            *_colours(_LIGHT, 0),
            "@media (prefers-color-scheme:dark){",
            *_colours(_DARK, 1),
            "}",
        ]
    )


def _colours(shades: dict[str, str], mode: int) -> list[str]:
    return [
        f".page,.under{{fill:{shades['page']}}}",
        f".box{{fill:{shades['box']};stroke:{shades['edge']}}}",
        f".title,.name{{fill:{shades['text']}}}",
        f".says,.note,.label,.module{{fill:{shades['quiet']}}}",
        f".line{{stroke:{shades['line']}}}",
        f".tip{{fill:{shades['line']}}}",
        f".stop{{stroke:{shades['stop']}}}",
        f".label.stopped{{fill:{shades['stop']}}}",
        *(f".{look} .heading,.{look} .bar{{fill:{accent[mode]}}}" for look, accent in _ACCENTS.items()),
        f".box.unknown{{stroke:{shades['line']}}}",
    ]


# In parts of the size of the letters; between what the fonts above have, and rather too much.
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]{}/\\ -`"), frozenset("mwMWQ@%—…")


def width_of(text: str, size: float, *, is_mono: bool = False, is_bold: bool = False) -> float:
    """How wide a text will be, about."""
    total = 0.0
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            total += 1.05
        elif unicodedata.combining(character):
            continue
        elif is_mono:
            total += 0.61
        elif character in _NARROW:
            total += 0.36
        elif character in _WIDE:
            total += 0.95
        else:
            total += 0.68 if character.isupper() else 0.58
    return total * size * (1.06 if is_bold else 1.0)
