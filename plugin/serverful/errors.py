"""Everything serverful raises, as one tree.

    ServerfulError
    ├── UsageError              a path, option or file that the caller can mend     (exit 2)
    │   └── SettingsError       what is wrong in the settings file, all of it       (exit 2)
    ├── ReadingUnavailable      tfparse or tree-sitter-hcl is not installed         (exit 2)
    ├── CatalogueError          a policy is missing, broken or doubled              (exit 2)
    └── DefinitionError         a programming error in a policy
        ├── PolicyDefinitionError
        └── VerdictWithoutEvidence

Trouble with one root or one policy is not an exception but a `Trouble` in the Run: the others are still judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 50  # faults; a message that nobody reads to its end helps nobody


class ServerfulError(Exception):
    """Base of all; its text says what is and how to go on."""


class UsageError(ServerfulError):
    """The caller asked for something that is not there."""


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """One thing that is wrong in a settings file: `says` what is, `mend` how to mend it. `line` is 0 where it is the whole file."""

    file: str
    line: int
    says: str
    mend: str

    @property
    def where(self) -> str:
        """`.serverful.yaml:12`"""
        return f"{self.file}:{self.line}" if self.line else self.file


class SettingsError(UsageError):
    """The settings file cannot be used. `faults` are all that is wrong, in order of lines; the text names each and is harmless to show."""

    MEANS = "Nothing is judged with settings that are not understood as a whole."
    READ_ON = "All settings: README.md#settings, or `serverful schema settings`."

    def __init__(self, faults: Sequence[SettingsFault]) -> None:
        self.faults = tuple(faults)
        lines = [line for fault in self.faults[:_SHOWN] for line in (f"{fault.where}: {fault.says}", f"  {fault.mend}")]
        more = len(self.faults) - _SHOWN
        super().__init__("\n".join([*lines, *([f"And {more} more."] if more > 0 else []), self.MEANS, self.READ_ON]))


class ReadingUnavailable(ServerfulError):
    """What reads Terraform is not installed; the text holds the line that mends it."""


class CatalogueError(ServerfulError):
    """The policies on disk are not the policies that ought to be there."""


class DefinitionError(ServerfulError):
    """A policy is written wrongly; seen on its author's machine."""


class PolicyDefinitionError(DefinitionError):
    """A policy's description is incomplete."""


class VerdictWithoutEvidence(DefinitionError):
    """passed() or failed() without a cited place."""
