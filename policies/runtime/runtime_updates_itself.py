import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function, RuntimeUpdates, Unknown
from serverful.evidence.evidence import Evidence
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, failed, passed, undecided

PATCHED_BY_AWS = {
    "Auto": "AWS patches the runtime by itself.",
    "FunctionUpdate": "AWS patches the runtime each time that the function is deployed.",
}


@policy(
    id="SLS_RT_3",
    title="The runtime gets its updates from AWS",
    principle=Principle.WITHOUT_CUSTOM_RUNTIME,
    severity=Severity.MEDIUM,
    recommendation=(
        'Write update_runtime_on = "Auto", or "FunctionUpdate" with a deployment at least each month, and remove runtime_version_arn. '
        "While a rollback lasts, record until when."
    ),
    feature="runtime",  # recorded in the block itself, or at the function whose runtime it holds
)
def runtime_updates_itself(updates: RuntimeUpdates, estate: Estate) -> Verdict:
    """Holding a managed runtime at one version makes it a runtime of your own: AWS goes on patching, and the function does not get it.

    AWS offers this for going back, when a new version of the runtime breaks a function. Going back has an end: somebody mends the function,
    and then the runtime updates itself again. What is left of it is a version that nobody dares to change, with all holes found since.
    """
    function = estate.find(updates.function, Function)
    whose = function.address if function else updates.callee.expression
    if isinstance(updates.when, Unknown):
        says = f"Whether the runtime of {whose} is held at one version is decided outside this root: {updates.when.expression}."
        return undecided(says, updates.when, path=(Evidence(f"keeps the runtime of {whose}", updates.place),))
    seen = Evidence(f'update_runtime_on = "{updates.when.value}"', updates.when.place, updates.when.basis)
    if updates.when.value in PATCHED_BY_AWS:
        return passed(PATCHED_BY_AWS[updates.when.value], seen)
    return failed(
        f"The runtime of {whose} is held at one version, so patches of AWS do not reach it, and nothing here says why and until when.",
        seen,
        *([Evidence("the function whose runtime it is", function.place)] if function else []),
        argument="update_runtime_on",
        recorded_at=(function,) if function else (),
    )


check = on_checkov(runtime_updates_itself)
