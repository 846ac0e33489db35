"""Lets a bare git clone find `plugin/` beside `policies/`; nothing else, ever.

Valid on any Python 3, because on an interpreter that is too old it is the one file that can still say so: Checkov shows a policy that
cannot be imported as one ERROR line and goes on without it.
"""

import sys
from pathlib import Path

_OLDEST = (3, 11)

# resolve(): Checkov may have been given a symbolic link to policies/, whose neighbour is elsewhere.
_PLUGIN = Path(__file__).resolve().parent.parent / "plugin"


def _find_plugin():
    # ImportError and not SystemExit: that would end Checkov's worker process, and with it, without a word, Checkov's own Terraform report
    # (tried on 3.3.30 with two frameworks: exit code 0).
    if sys.version_info < _OLDEST:
        raise ImportError(
            "serverful needs Python {}.{} or newer, and this Checkov runs on Python {}.{}, so none of its policies is loaded. "
            "Install Checkov into a newer Python and run it again.".format(*_OLDEST, *sys.version_info[:2])
        )
    if not (_PLUGIN / "serverful" / "__init__.py").is_file():
        return  # not a clone: the installed wheel holds policies/ and plugin in one package
    if _checkov_verifies_signatures():
        # The neighbour's code is not under --external-checks-dir, so nobody has verified it, and trusting it would undo the rest.
        raise ImportError(
            "Checkov verifies signatures, and plugin/ beside these policies is not signed, so none of them is loaded. "
            "Install serverful from its wheel and use the policies it brings: serverful policies --path"
        )
    # In front of everything: an older serverful that is installed as well must not answer for the clone.
    neighbour = str(_PLUGIN)
    if sys.path[:1] != [neighbour]:
        sys.path[:] = [neighbour] + [entry for entry in sys.path if entry != neighbour]


def _checkov_verifies_signatures():
    """True while Checkov loads verified policies only (`--external-checks-public-key`, Checkov 3.3.30: external_checks/verification).

    Looked up and not imported: without Checkov in the process nobody verifies anything.
    """
    registry = sys.modules.get("checkov.common.external_checks.verification.sources_registry")
    is_active = getattr(registry, "is_verification_active", None)
    return bool(is_active and is_active())


_find_plugin()
