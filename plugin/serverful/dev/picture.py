"""The README's picture: what the real command prints on a design in `fixtures/`, drawn as SVG by rich.

What is left out of it is marked by `…`, as in the README's other examples. Whether it is stale is told by its words alone, because rich
draws the same words a little differently from version to version.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from serverful.errors import UsageError

DESIGN = "fixtures/estates/legacy_vpc"
COMMAND = f"serverful scan {DESIGN}"
PICTURE = f"{DESIGN}/console.svg"

_SHOWN = "SLS_VPC_1"  # the policy of which one finding is shown in full
_WIDTH = 104  # columns; the report itself is 100 wide
_SGR = re.compile(r"\x1b\[[0-9;]*m")

# rich names a font of a foreign host, which no README would load.
_FOREIGN_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def drawn(top: Path, today: str) -> str:
    """The picture as it ought to be now."""
    return svg(list(cut(printed(top, today).split("\n"))))


def printed(top: Path, today: str) -> str:
    """What the command prints in the clone at `top`, with colours. Raises UsageError unless it has findings."""
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"SERVERFUL_TODAY": today, "FORCE_COLOR": "1", "PYTHONPATH": str(top / "plugin")}
    done = subprocess.run(
        [sys.executable, "-m", *COMMAND.split()], cwd=top, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 1:
        raise UsageError(f"`{COMMAND}` ended with {done.returncode}, not with findings:\n{done.stdout}{done.stderr}")
    return done.stdout.rstrip("\n")


def cut(lines: Sequence[str]) -> Iterator[str]:
    """The verdict and the picture of who runs what, one finding in full, the numbers; `…` for what lies between."""
    plain = [_SGR.sub("", line) for line in lines]
    first = plain.index("Findings, worst first")
    start = next(number for number, line in enumerate(plain) if f" {_SHOWN} failed: " in line)
    end = next(number for number in range(start, len(plain)) if not plain[number])
    yield from lines[: first + 2]
    yield from ("  …", "", *lines[start : end + 1], "  …", "", *lines[_last(plain) :])


def _last(plain: Sequence[str]) -> int:
    """Where the last paragraph begins."""
    return max((number + 1 for number, line in enumerate(plain) if not line), default=0)


def svg(lines: Sequence[str]) -> str:
    """Lines with ANSI colours as an SVG of a terminal; the same lines give the same text."""
    console = Console(record=True, width=_WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
    for line in lines:
        console.print(Text.from_ansi(line), soft_wrap=False)
    return _FOREIGN_FONT.sub("", console.export_svg(title=f"$ {COMMAND}", theme=MONOKAI, unique_id="serverful"))


def words(picture: str) -> list[str]:
    """The words of a picture, in the order in which they are read."""
    texts = [element.text or "" for element in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
    return " ".join(texts).replace("\xa0", " ").split()
