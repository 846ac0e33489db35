"""`checkov:skip=ID[,ID][:comment]`: Checkov's own way to leave a check out. It has no owner and no end date, so it is no recorded reason.

Read as Checkov 3.3.30 does (its `common/comment/enum.py` and `terraform/context_parsers/base_parser.py`), so that both doors skip the same:
case-sensitive, the first one on a line, ids exact (no wildcards), and only strictly between the first and the last line of the block or of
a module call's block that the thing is made through, of any depth. The block's own come before its calls'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from serverful.estate.model import Thing
from serverful.estate.place import Place

NO_COMMENT = "No comment provided"  # Checkov's words

_SKIP = re.compile(r"(?:checkov:skip=|bridgecrew:skip=|cortex:skip=) *([A-Za-z_\d-]+(?:,[A-Za-z_\d-]+)*)?(?::([^\n]*))?")


def skip_of(thing: Thing, policy_id: str) -> str | None:
    """The comment of the skip that names this policy's id, `NO_COMMENT` where it has none; None where there is no skip."""
    for block in (thing.place, *thing.calls):
        for text in _lines_inside(thing, block):
            match = _SKIP.search(text)
            # Checkov itself stumbles over a skip without an id; to us it names nothing.
            if match and match.group(1) and policy_id in match.group(1).split(","):
                return match.group(2).strip() if match.group(2) is not None else NO_COMMENT
    return None


def _lines_inside(thing: Thing, block: Place) -> Iterator[str]:
    for comment in thing.comments:
        if comment.place.file != block.file:
            continue
        for number, text in enumerate(comment.text.split("\n"), start=comment.place.line):
            if block.line < number < block.end_line:
                yield text
