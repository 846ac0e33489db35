"""Everything serverful raises, as one tree.

    ServerfulError
    ├── UsageError              a path, option or file that the caller can mend     (exit 2)
    ├── ReadingUnavailable      tfparse or tree-sitter-hcl is not installed         (exit 2)
    ├── CatalogueError          a policy is missing, broken or doubled              (exit 2)
    └── DefinitionError         a programming error in a policy
        ├── PolicyDefinitionError
        └── VerdictWithoutEvidence

Trouble with one root or one policy is not an exception but a `Trouble` in the Run: the others are still judged.
"""

from __future__ import annotations


class ServerfulError(Exception):
    """Base of all; its text says what is and how to go on."""


class UsageError(ServerfulError):
    """The caller asked for something that is not there."""


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
