"""The tag, the comment line and the entry in the settings that record a reason, ready to paste. Pure: strings in, strings out.

Whatever is returned has been read back by the grammar itself (`evidence/reasons.py`): what we print is what we accept.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from datetime import date

from serverful.errors import UsageError
from serverful.estate.place import Place
from serverful.evidence.categories import EVERYWHERE, FEATURES, PREFIX, canonical, categories_of, nearest
from serverful.evidence.reasons import FaultyReason, RecordedReason, parse_reason

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*( [A-Za-z0-9_.-]+)*|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})  # to one YAML or another

_NOWHERE = Place(root=".", address="", file="", line=0, end_line=0)


@dataclass(frozen=True, slots=True)
class ReasonLines:
    """`tag` goes into the block's `tags`, `comment` anywhere inside the block, `entry` (lines of YAML) below `reasons:` in the settings.

    One of them is enough. `tag` is None when a tag cannot hold the reason; `no_tag` says why. `where` says into which block they go.
    """

    key: str
    tag: str | None
    comment: str
    entry: tuple[str, ...]
    where: str
    no_tag: str = ""


def reason_lines(
    address: str, *, category: str, until: str, owner: str, today: date, text: str = "", feature: str | None = None
) -> ReasonLines:
    """The lines for one block.

    `address` is that of the block as a finding shows it; `feature` a feature (`vpc`) or a policy's id (`SLS_VPC_8`), and may be left out
    when the category belongs to one feature alone. Raises UsageError, saying what to write instead, for whatever would not be read back
    as a reason in date.
    """
    block = " ".join(address.split())
    if not block:
        raise UsageError("Which block is the reason for? Name its address as a finding shows it: aws_lambda_function.orders")
    for name, given in (("--owner", owner), ("--text", text), ("--category", category), ("--until", until)):
        odd = next((c for c in given if not c.isprintable()), None)
        if odd is not None:
            raise UsageError(f"{name} holds a character that cannot be shown ({ascii(odd)[1:-1]}); a reason is one line of plain text.")
    key = _key(category.strip().lower(), feature)
    said = " ".join(text.split())
    value = " ".join(part for part in (category.strip().lower(), f"until={until.strip()}", f"owner={_quoted(owner)}", said) if part)
    read = parse_reason(key, value, _NOWHERE, source="comment", today=today)
    if isinstance(read, FaultyReason):
        raise UsageError(f"This would not be a reason in date: {read.says}.")
    if read.text != said:
        raise UsageError("--text holds `until=` or `owner=`, which would be read as the end date or the owner; say it in other words.")
    if "skip=" in said.lower():
        raise UsageError("--text holds `skip=`, which Checkov could take for a skip of its own; say it in other words.")
    as_tag = parse_reason(key, value, _NOWHERE, source="tag", today=today)
    is_tag = not isinstance(as_tag, FaultyReason)
    return ReasonLines(
        key=key,
        tag=f'"{PREFIX}{key}" = "{value}"' if is_tag else None,
        comment=f"# {PREFIX}{key} {value}",
        entry=_entry(block, read),
        where=_where(block),
        no_tag="" if not isinstance(as_tag, FaultyReason) else as_tag.says,
    )


def _key(category: str, feature: str | None) -> str:
    """The key of the reason: what was asked for, else the only feature that has this category."""
    if feature is not None:
        name = feature.strip().removeprefix(PREFIX)
        key = canonical(name)
        if key is None:
            meant = nearest(name, tuple(FEATURES))
            hint = f"did you mean {meant}?" if meant else f"there are {', '.join(FEATURES)}, and the policies' ids."
            raise UsageError(f"--feature {shlex.quote(name)}: there is no such feature; {hint}")
        return key
    having = [key for key in FEATURES if category in FEATURES[key]]
    # A fixed address is a reason for the VPC it stands in, and `serverful:vpc` answers for both (evidence/reasons.py).
    if having == ["vpc", "fixed-ip"]:
        return "vpc"
    if len(having) == 1:
        return having[0]
    if having or category in EVERYWHERE:
        choice = ", ".join(having or FEATURES)
        raise UsageError(f"--category {category} fits more than one feature; say which by --feature: {choice}, or a policy's id.")
    every = tuple(dict.fromkeys(word for key in FEATURES for word in categories_of(key)))
    meant = nearest(category, every)
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(every)}."
    raise UsageError(f"--category {shlex.quote(category)}: there is no such category; {hint}")


def _quoted(owner: str) -> str:
    """An owner of several words in quotes (which a tag cannot hold; a comment can)."""
    name = " ".join(owner.split())
    if " " not in name:
        return name
    if '"' in name:
        raise UsageError("--owner holds quotes; a plain name is easier to find: --owner payments")
    return f'"{name}"'


def _entry(block: str, reason: RecordedReason) -> tuple[str, ...]:
    """The reason as the settings take it. A block is named by its address, so of the wildcards only what stands in a key is one."""
    fields = {
        "address": block,
        "key": reason.key,
        "category": reason.category,
        "until": reason.until.isoformat(),
        "owner": reason.owner,
        "text": reason.text,
    }
    lines = [f"{name}: {_yaml(value)}" for name, value in fields.items() if value]
    return (f"- {lines[0]}", *(f"  {line}" for line in lines[1:]))


def _yaml(text: str) -> str:
    """A text as YAML: bare where it cannot be taken for anything else, else in quotes. JSON's are YAML's too (YAML 1.2.2, section 1.2)."""
    return text if _BARE.fullmatch(text) and text.lower() not in _NOT_TEXT else json.dumps(text, ensure_ascii=not text.isprintable())


def _where(block: str) -> str:
    if not block.startswith("module."):
        return f"into the block {block}"
    # A module's own source may serve other callers; the call's block is this caller's.
    return f"into the `module` block that makes {block} (the tag only if the module hands its `tags` on to the function)"
