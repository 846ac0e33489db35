"""Folders and plans in, drawings out: what `serverful diagram` does. Asks no policy, judges nothing, prints nothing."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from serverful.collecting import seldom_collecting
from serverful.errors import UsageError
from serverful.finding import Trouble
from serverful.report.text import harmless
from serverful.settings_file import Named
from serverful.wording import counted

if TYPE_CHECKING:
    from serverful.diagram.drawing import Diagram
    from serverful.estate.estate import Estate

_NEAR = 3  # addresses that may have been meant


@dataclass(frozen=True)
class Drawn:
    """`diagrams` in the order of the roots, not folded; `troubles` are what could not be read, so that something may be missing.

    `unread` are the module calls whose source is not here, which may make functions as well.
    """

    diagrams: tuple[Diagram, ...]
    troubles: tuple[Trouble, ...]
    unread: tuple[str, ...] = ()


@seldom_collecting()
def draw(
    paths: Sequence[Path],
    *,
    today: date,
    function: str | None = None,
    skip_path: Sequence[str] = (),
    var_files: Sequence[str] = (),
    config: Named | None = None,
    source: Path | Named | None = None,
    piped: BinaryIO | None = None,
) -> Drawn:
    """The radius of every root under `paths` that has functions; or the way out of one `function`, in each root that has its address.

    The other arguments are those of `scan`. Raises UsageError for an address that no function has, where everything could be read, and
    what reading raises. Roots without functions are left out: there is nothing to draw of them.
    """
    from serverful.diagram.radius import radius_diagram
    from serverful.given import nothing_to_read, read_given
    from serverful.run_of import troubles_of
    from serverful.scan import skip_patterns

    skipped = [pattern for text in skip_path for pattern in skip_patterns(text)]
    given = read_given(paths, today=today, skip=skipped, var_files=var_files, config=config, source=source, piped=piped)
    troubles = troubles_of(given.reading)
    if not given.reading.roots and not troubles:
        troubles.append(nothing_to_read(paths, "Nothing was drawn.", "; check --skip-path"))
    if function is not None:
        diagrams = _of_function(function, given.estates)
        if not diagrams and not troubles:
            raise UsageError(_no_such_function(function, given.estates))
    else:
        diagrams = [diagram for estate in given.estates if (diagram := radius_diagram(estate)) is not None]
    unread = dict.fromkeys(call.address for estate in given.estates for call in estate.unread_modules)
    return Drawn(tuple(diagrams), tuple(dict.fromkeys(troubles)), tuple(unread))


def _of_function(address: str, estates: Sequence[Estate]) -> list[Diagram]:
    from serverful.diagram.radius import function_diagram
    from serverful.estate.model import Function

    found = [(thing, estate) for estate in estates if isinstance(thing := estate.thing(address), Function)]
    return [function_diagram(function, estate) for function, estate in found]


def _no_such_function(address: str, estates: Sequence[Estate]) -> str:
    from serverful.estate.model import Function

    addresses = list(dict.fromkeys(function.address for estate in estates for function in estate.all(Function)))
    if not addresses:
        return f"--function {harmless(address)}: there is no Lambda function in what was read."
    # People write the last word of an address, or leave out the number of an instance.
    near = [one for one in addresses if address and address in one][:_NEAR] or difflib.get_close_matches(address, addresses, n=_NEAR)
    meant = (
        f" Did you mean {harmless(' or '.join(near))}?" if near else f" There are, for example, {harmless(', '.join(addresses[:_NEAR]))}."
    )
    read = f"{counted(len(addresses), 'function')} {'was' if len(addresses) == 1 else 'were'} read"
    return f"--function {harmless(address)}: no function has this address, and {read}.{meant}"
