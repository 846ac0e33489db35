import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.unmanaged import why_unmanaged
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_RT_1",
    title="The language runtime is managed by AWS",
    principle=Principle.WITHOUT_CUSTOM_RUNTIME,
    severity=Severity.MEDIUM,
    recommendation=(
        'Choose a language that AWS manages for each function: runtime = "python3.14", "nodejs24.x", "java25" and others. For a compiled '
        'program write runtime = "provided.al2023" and handler = "bootstrap". If it has to be another language, name who patches it.'
    ),
    feature="runtime",
)
def runtime_is_managed(function: Function, estate: Estate) -> Verdict:
    """AWS patches its language runtimes while you sleep. Who brings a runtime of their own patches it themselves, function by function.

    Honest reasons are a faster runtime, a language that the team knows, a language that regulation demands. But functions may be polyglot:
    each can have a managed language of its own, and one that cannot need not draw the others along.

    A compiled program of Go or Rust brings no language runtime that could have holes, and AWS offers nothing else for it, so it passes on
    an operating system that AWS still patches.
    """
    return why_unmanaged(function, estate)


check = on_checkov(runtime_is_managed)
