"""Recorded reasons: a person's word for a serverful feature, with an owner and an end date (evidence grade E5).

A reason stands in a tag of the block, in a comment inside or directly above the block or the module call that makes it (for provisioned
concurrency also the block that provisions it), or in the settings file, by address (`evidence/stated.py`):

    tags = { "serverful:vpc" = "relational-database until=2027-03-31 owner=payments orders ledger is in Aurora" }

    # serverful:vpc relational-database until=2027-03-31 owner=payments orders ledger is in Aurora

Grammar: `CATEGORY`, then `until=YYYY-MM-DD`, `owner=NAME` and the text in any order, on one line. Category, owner and end date are
required. The key names a feature (`serverful:vpc`) or one policy (`serverful:SLS_VPC_8`). The end date is the last day on which the reason
holds.

Decisions:
- What cannot be read, or has ended, never answers anything; it is kept as a `FaultyReason`, so that somebody hears of it.
- A faulty reason beside a valid one of the same key is dropped: whoever renews a reason by a second line has answered the question.
- Provider `default_tags` never arrive here: a blanket reason is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from serverful.estate.capacity import belonging
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function, Provisioned, Scaling, Thing
from serverful.estate.place import Place
from serverful.estate.settings import StatedReason
from serverful.estate.value import Unknown
from serverful.evidence.categories import FEATURES, PREFIX, canonical, categories_of, nearest
from serverful.evidence.stated import concerns, stated_for
from serverful.policy import Policy
from serverful.verdict import Kind

TAG_LIMIT = 256
"""Characters in a tag value (AWS General Reference, "Tag naming limits and requirements")."""

TAG_MARKS = "+-=._:/@"
"""What a tag value may hold besides letters, digits and spaces (same source)."""

# Somebody who has said that a function is in a VPC for the sake of a fixed address, or of a service that only a network reaches, has
# explained the fixed address as well.
_VPC_REASONS_FOR_FIXED_IP = ("fixed-ip", "private-service")

_ASKING_ABOUT_ADDRESSES = ("SLS_IP_1", "SLS_IP_2")

_SHOWN = 60  # characters of a wrong word that a message repeats

# The value may be quoted in a comment: owner="order team". A tag cannot hold quotes.
_FIELD = re.compile(r"""(?:(?<=\s)|^)(until|owner)=(?:"([^"]*)"|'([^']*)'|(\S*))""", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_REMARK = re.compile(r"[\s#/*]*serverful:(?P<gap>[ \t]*)(?P<name>\S*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class RecordedReason:
    """A reason that can be read and is in date. `key` is a feature or a policy's id, `source` is "tag", "comment" or "settings"."""

    key: str
    category: str
    until: date
    owner: str
    text: str
    place: Place
    source: str

    def __str__(self) -> str:
        said = f": {self.text}" if self.text else ""
        return f"{self.category}{said} (owner {self.owner}, until {self.until})"


class Problem(Enum):
    """Why a reason does not count."""

    EXPIRED = "expired"
    MALFORMED = "malformed"
    STALE = "stale"  # it explains a feature that the function does not have


@dataclass(frozen=True, slots=True)
class FaultyReason:
    """A reason that answers nothing. `key` as written where it cannot be understood; `says` what is wrong and how to mend it."""

    key: str
    problem: Problem
    says: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is recorded at one thing. `unknown` names tags that come from outside and may hold more."""

    valid: tuple[RecordedReason, ...] = ()
    faulty: tuple[FaultyReason, ...] = ()
    unknown: tuple[Unknown, ...] = ()


@once_per_subject  # the judge and several policies ask
def reasons_of(thing: Thing, estate: Estate) -> Reasons:
    """The reasons recorded for a thing: tags first, then comments, then those of the settings, each in source order."""
    today = estate.today
    valid: list[RecordedReason] = []
    faulty: list[FaultyReason] = []
    unknown = list(thing.tags.unknown)
    for tag, value in thing.tags.known.items():
        if not tag.lower().startswith(PREFIX):
            continue
        if isinstance(value, Unknown):
            unknown.append(value)
            continue
        _sort(parse_reason(tag[len(PREFIX) :], value.value, value.place, source="tag", today=today), valid, faulty)
    for name, text, place in (*_remarks(thing), *_remarks_beside(thing, estate)):
        _sort(parse_reason(name, text, place, source="comment", today=today), valid, faulty)
    for stated in stated_for(thing, estate):
        _sort(_stated(stated, today), valid, faulty, is_heard=concerns(stated, thing, estate))
    answered = {reason.key for reason in valid}
    return Reasons(tuple(valid), tuple(fault for fault in faulty if fault.key not in answered), tuple(unknown))


def answering(reasons: Reasons, policy: Policy, kind: Kind | None, feature: str | None = None) -> RecordedReason | None:
    """The valid reason that answers this policy's question, or None. `feature` is what the answer is about, the policy's own unless told.

    A reason that names the policy's id answers whatever it says. A reason for its feature answers only what is unexplained (or, with no
    kind, undecided): it cannot unmake what the configuration itself contradicts.
    """
    by_id = next((reason for reason in reasons.valid if reason.key == policy.id), None)
    if by_id or kind is Kind.CONTRADICTED:
        return by_id
    return next((reason for reason in reasons.valid if _speaks_to(reason, feature or policy.feature)), None)


def _speaks_to(reason: RecordedReason, feature: str | None) -> bool:
    """Whether a reason for a feature is one for what is asked about."""
    return _is_for_fixed_address(reason) if feature == "fixed-ip" else reason.key == feature


def _is_for_fixed_address(reason: RecordedReason) -> bool:
    return reason.key == "fixed-ip" or (reason.key == "vpc" and reason.category in _VPC_REASONS_FOR_FIXED_IP)


def for_fixed_address(reasons: Reasons) -> RecordedReason | None:
    """The valid reason why something leaves through a fixed address: for the feature, or for one of the policies that ask about it."""
    return next((reason for reason in reasons.valid if reason.key in _ASKING_ABOUT_ADDRESSES or _is_for_fixed_address(reason)), None)


def faults_about_address(reasons: Reasons) -> tuple[FaultyReason, ...]:
    """Of the reasons that answer nothing, those meant for a fixed address; what a key that cannot be understood is meant for, who knows."""
    return tuple(f for f in reasons.faulty if f.key == "fixed-ip" or f.key in _ASKING_ABOUT_ADDRESSES or canonical(f.key) is None)


def parse_reason(name: str, text: str, place: Place, *, source: str, today: date) -> RecordedReason | FaultyReason:
    """One reason as written. `name` is what follows `serverful:`, `text` the tag's value or the rest of the comment's line."""
    key = canonical(name)
    if key is None:
        meant = nearest(name, tuple(FEATURES))
        hint = f"did you mean `{PREFIX}{meant}`?" if meant else f"the features are {', '.join(FEATURES)}; a policy's id works as well"
        return FaultyReason(_shown(name), Problem.MALFORMED, f"there is no feature `{_shown(name)}`; {hint}", place)

    fields: dict[str, list[str]] = {"until": [], "owner": []}
    words = _FIELD.sub(lambda match: _take(match, fields), text).split()
    opening = text.split(maxsplit=1)[:1]
    category = words[0].lower().rstrip(",;:") if words and opening == words[:1] else ""
    said = " ".join(words[1:] if category else words)
    until = day(fields["until"][0]) if fields["until"] else None

    faults = [
        *faults_of_category(key, category, said),
        *_faults_of_fields(fields),
        *(_faults_of_tag(text) if source == "tag" else ()),
    ]
    if faults or until is None:
        return FaultyReason(key, Problem.MALFORMED, "; ".join(faults), place)
    owner = fields["owner"][0]
    if until < today:
        return _ended(key, until, owner, place)
    return RecordedReason(key, category, until, owner, said, place, source)


def _stated(reason: StatedReason, today: date) -> RecordedReason | FaultyReason:
    """A reason of the settings; whatever could be malformed in it has been refused when they were loaded."""
    if reason.until < today:
        return _ended(reason.key, reason.until, reason.owner, reason.place)
    return RecordedReason(reason.key, reason.category, reason.until, reason.owner, reason.text, reason.place, "settings")


def _ended(key: str, until: date, owner: str, place: Place) -> FaultyReason:
    return FaultyReason(key, Problem.EXPIRED, f"it ended on {until}; {owner} knows whether it still holds", place)


def _take(match: re.Match[str], fields: dict[str, list[str]]) -> str:
    """Collect one `until=` or `owner=`, and leave nothing of it in the text."""
    quoted = match.group(2) if match.group(2) is not None else match.group(3)
    fields[match.group(1).lower()].append(" ".join(quoted.split()) if quoted is not None else match.group(4).rstrip(",;"))
    return ""


def faults_of_category(key: str, category: str, said: str) -> Iterator[str]:
    """What is wrong with a category (in small letters) under a canonical key; `said` is the text of the reason."""
    choice = categories_of(key)
    if not category:
        yield f"it does not begin with a category ({', '.join(choice)})"
    elif category not in choice:
        meant = nearest(category, choice)
        hint = f"did you mean `{meant}`?" if meant else f"it takes {', '.join(choice)}"
        yield f"`{_shown(category)}` is no category of `{PREFIX}{key}`; {hint}"
    elif category == "other" and sum(any(c.isalnum() for c in word) for word in said.split()) < 3:
        yield "`other` needs a text of three words or more that says what it is"


def _faults_of_fields(fields: dict[str, list[str]]) -> Iterator[str]:
    for name, example in (("until", "2027-03-31"), ("owner", "payments")):
        given = fields[name]
        if not given or not given[0]:
            yield f"it has no {name}=, as in {name}={example}, on the same line"
        elif len(given) > 1:
            yield f"it has {name}= more than once"
    if fields["until"] and fields["until"][0]:
        yield from faults_of_day(fields["until"][0])


def faults_of_day(written: str) -> Iterator[str]:
    """What is wrong with an end date."""
    if day(written) is None:
        why = "is not a day of the calendar" if _DAY.fullmatch(written) else "is not a date; write year-month-day, as in 2027-03-31"
        yield f"until={_shown(written)} {why}"


def _faults_of_tag(text: str) -> Iterator[str]:
    if len(text) > TAG_LIMIT:
        yield f"AWS takes at most {TAG_LIMIT} characters in a tag and this has {len(text)}; a comment has no limit"
    refused = tag_refuses(text)
    if refused:
        shown = ", ".join(f"`{c if c.isprintable() else ascii(c)[1:-1]}`" for c in refused[:5])
        yield f"AWS takes only letters, digits, spaces and {' '.join(TAG_MARKS)} in a tag, not {shown}; a comment takes any"


def tag_refuses(text: str) -> list[str]:
    """The characters of a text that a tag value cannot hold, each once.

    Allowed are letters, digits and separators of any script, and `TAG_MARKS` (pattern of a tag value in the AWS API references:
    `^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$`).
    """
    return [c for c in dict.fromkeys(text) if c not in TAG_MARKS and unicodedata.category(c)[0] not in "LNZ"]


def day(written: str) -> date | None:
    """`2027-03-31` as a day; None for what is none, or is written otherwise."""
    # Not `date.fromisoformat` alone: it also reads 20270331 and 2027-W13-3, which a colleague might not.
    if not _DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _remarks(thing: Thing) -> Iterator[tuple[str, str, Place]]:
    """Each comment line that begins with `serverful:`, as (name, the rest of the line, its place)."""
    for comment in thing.comments:
        for offset, line in enumerate(comment.text.split("\n")):
            match = _REMARK.fullmatch(line)
            if not match:
                continue
            name = match["name"]
            # "# serverful: see the README" is prose; "# serverful: vpc cache until=…" is a reason with a space too many.
            if match["gap"] and canonical(name) is None:
                continue
            number = comment.place.line + offset
            yield name, match["rest"], replace(comment.place, line=number, end_line=max(number, comment.place.line))


def _remarks_beside(thing: Thing, estate: Estate) -> Iterator[tuple[str, str, Place]]:
    """The comment lines in the blocks that provision or scale a function's concurrency which speak of that.

    People write the reason where the number is. The block is no subject of its own, so its lines count for the function, and for nothing
    else that the function has.
    """
    if not isinstance(thing, Function):
        return
    heard = {comment.place for comment in thing.comments}
    blocks: tuple[Thing, ...] = (*belonging(thing, Provisioned, estate), *belonging(thing, Scaling, estate))
    for block in blocks:
        for name, text, place in _remarks(replace(block, comments=tuple(c for c in block.comments if c.place not in heard))):
            key = canonical(name)
            if key is None or key == "provisioned-concurrency" or key.startswith("SLS_PC_"):
                yield name, text, place
        heard.update(comment.place for comment in block.comments)


def _sort(read: RecordedReason | FaultyReason, valid: list[RecordedReason], faulty: list[FaultyReason], *, is_heard: bool = True) -> None:
    if isinstance(read, RecordedReason):
        valid.append(read)
    elif is_heard:
        faulty.append(read)


def _shown(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[: _SHOWN - 1]}…"
