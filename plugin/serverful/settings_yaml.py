"""The text of a settings file as plain data, and the line on which each part of it stands. Knows YAML, and no setting.

YAML is read event by event and nothing of it is ever constructed, so there is nothing that a tag could call. Decisions:
- Plain words mean what editors take them for (YAML 1.2.2, section 10.3, core schema): `no` and `2027-03-31` are text, `012` is 12. Numbers
  are decimal and, when whole, of at most 18 digits; others are text, which no setting takes for a number.
- Anchors and aliases are refused. They are how a few lines explode to millions of values ("billion laughs"), and what looks like one here
  is nearly always a glob (`address: *orders`) that wants quotes.
- Tags, a second document, keys that are lists, and a key that stands twice are refused: each would be read otherwise than it looks.
- How large a file may be, how deep, and how many values it may hold has an end, so that reading it has one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from serverful.errors import SettingsFault

MAX_BYTES = 1_000_000
MAX_VALUES = 20_000  # a reason has fifteen, so this is more than a thousand of them; PyYAML needs about a second
MAX_DEPTH = 10  # the settings themselves are four deep
_MAX_FAULTS = 100  # who has made so many has not written settings

Where = tuple[str | int, ...]  # `("reasons", 0, "until")`

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")

_QUOTES = "Put it into quotes."
_ALIAS = ("`*` at the beginning of a word is an alias in YAML, and settings have none.", 'A glob goes into quotes: "*orders".')
_MENDS = (
    ("\\t", "a tab stands where YAML takes only spaces.", "Indent with spaces."),
    ("while scanning an alias", *_ALIAS),
    ("while scanning an anchor", "`&` at the beginning of a word is an anchor in YAML, and settings have none.", _QUOTES),
    ("that cannot start any token", "a word begins with a character that means something else in YAML.", _QUOTES),
    ("mapping values are not allowed here", "a colon stands where none may stand.", "Text with `: ` in it goes into quotes."),
    ("could not find expected ':'", "a key has no colon after it.", "Write `key: value`, with a blank after the colon."),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says: `data` of dict, list, str, int, float, bool and None; `lines` by path (`("reasons", 0, "until")`), from 1.

    `faults` are what YAML itself makes wrong; what is left out because of them is not in `data`, and `is_whole` says whether the file could
    be read to its end.
    """

    data: object
    lines: Mapping[Where, int]
    faults: tuple[SettingsFault, ...] = ()
    is_whole: bool = True

    def line_of(self, path: Where) -> int:
        """The line of that part, else of the nearest part that holds it; 1 for the whole."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(content: bytes, file: str) -> Written:
    """The bytes of a file, which is called `file` in faults. Never raises; what cannot be read is a fault."""
    if len(content) > MAX_BYTES:
        return _whole(file, f"is larger than {MAX_BYTES // 1_000_000} MB.", "Settings are a few lines; a glob stands for many blocks.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _whole(file, "is UTF-16.", "Save it as UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Written(None, {}, (SettingsFault(file, line, "this is no UTF-8 text.", "Save the file as UTF-8."),), False)
    tree = _Tree(file)
    is_whole = False
    try:
        is_whole = all(tree.take(event) for event in yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        tree.faults.append(SettingsFault(file, line, "there is a character that YAML does not take.", "Remove it; it cannot be seen."))
    except yaml.MarkedYAMLError as error:
        tree.faults.append(_syntax(error, file))
    except yaml.YAMLError as error:
        tree.faults.append(SettingsFault(file, 0, f"is no valid YAML: {error}.", "Mend what it says."))
    return Written(tree.data, tree.lines, tuple(tree.faults), is_whole)


def _whole(file: str, says: str, mend: str) -> Written:
    return Written(None, {}, (SettingsFault(file, 0, says, mend),), False)


def _syntax(error: yaml.MarkedYAMLError, file: str) -> SettingsFault:
    said = ", ".join(str(part) for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    for sign, says, mend in _MENDS:
        if sign in said:
            return SettingsFault(file, line, says, mend)
    return SettingsFault(file, line, f"this is no valid YAML: {said}.", "Mend the line, or the one above it.")


@dataclass
class _Open:
    """A mapping or list whose end has not come yet. `key` is what the next value belongs to; None between two entries."""

    path: Where
    value: dict[str, object] | list[object]
    key: str | None = None
    is_dropped: bool = False  # the key stood there before


@dataclass
class _Tree:
    """Grows by one event after the other, without recursion."""

    file: str
    data: object = None
    lines: dict[Where, int] = field(default_factory=dict)
    faults: list[SettingsFault] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _values: int = 0
    _documents: int = 0

    def take(self, event: yaml.Event) -> bool:
        """One event; False when the rest is not worth reading."""
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    return self._stop(event, "a second document begins here.", "Settings are one document: remove the `---`.")
            case yaml.AliasEvent():
                return self._begin(event) and self._put(None, event, says=_ALIAS)
            case yaml.ScalarEvent():
                return self._begin(event) and self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._begin(event) and self._container(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
        return True

    def _begin(self, event: yaml.NodeEvent) -> bool:
        self._values += 1
        if len(self.faults) >= _MAX_FAULTS:
            return False
        if self._values > MAX_VALUES:
            return self._stop(event, f"there are more than {MAX_VALUES:,} values.", "A glob stands for many blocks; shorten the file.")
        if not isinstance(event, yaml.AliasEvent) and event.anchor is not None:
            self._fault(event, "`&` at the beginning of a word is an anchor in YAML, and settings have none.", "Put text into quotes.")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            self._fault(event, "`!` at the beginning of a word is a tag in YAML, and settings have none.", "Put text into quotes.")
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> bool:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, event)
            return True
        is_plain = event.style is None and event.tag is None
        return self._put(_resolved(event.value) if is_plain else event.value, event)

    def _key(self, top: _Open, event: yaml.ScalarEvent) -> None:
        top.key = event.value
        path = (*top.path, event.value)
        top.is_dropped = path in self.lines
        if top.is_dropped:
            says = f"`{shortened(event.value)}` stands here a second time, after line {self.lines[path]}."
            self._fault(event, says, "Keep one of them.")
        else:
            self.lines[path] = _line(event)

    def _container(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> bool:
        if len(self._open) >= MAX_DEPTH:
            return self._stop(event, "this is nested deeper than settings ever are.", "Remove some of the brackets or indents.")
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            return self._stop(event, "a list or mapping stands where a key ought to be.", "Keys are plain words; quote text in braces.")
        value: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._path(event)
        self._put(value, event)
        self._open.append(_Open(path, value))
        return True

    def _path(self, event: yaml.Event) -> Where:
        if not self._open:
            return ()
        top = self._open[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        # What belongs to a key that stood there before is read, but in a place of its own.
        return (*top.path, f"{top.key}\0{_line(event)}" if top.is_dropped else top.key or "")

    def _put(self, value: object, event: yaml.Event, says: tuple[str, str] | None = None) -> bool:
        if says is not None:
            self._fault(event, *says)
        if not self._open:
            self.data = value
            return True
        top = self._open[-1]
        if isinstance(top.value, list):
            self.lines[(*top.path, len(top.value))] = _line(event)
            top.value.append(value)
        else:
            if top.key is None:  # an alias for a key
                top.key, top.is_dropped = "", True
                return True
            if not top.is_dropped:
                top.value[top.key] = value
            top.key = None
        return True

    def _fault(self, event: yaml.Event, says: str, mend: str) -> None:
        self.faults.append(SettingsFault(self.file, _line(event), says, mend))

    def _stop(self, event: yaml.Event, says: str, mend: str) -> bool:
        self._fault(event, says, mend)
        return False


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _resolved(word: str) -> object:
    """What a plain word means: null, a boolean, a number, or the word."""
    if word in _NULLS:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    return float(word) if _FRACTION.fullmatch(word) else word


def shortened(word: str, limit: int = 60) -> str:
    """A word from the file as messages repeat it."""
    return word if len(word) <= limit else f"{word[: limit - 1]}…"
