import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function, Unknown
from serverful.estate.capacity import capacities_of, undecided_in
from serverful.evidence.costs.executions import cost_of_executions
from serverful.evidence.snapstart import conditions_of
from serverful.evidence.warmth_advice import snapshot_instead
from serverful.evidence.warmth_words import kept
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_PC_2",
    title="SnapStart comes before provisioned concurrency",
    principle=Principle.WITHOUT_PROVISIONED_CONCURRENCY,
    severity=Severity.MEDIUM,
    recommendation=(
        'Write snap_start { apply_on = "PublishedVersions" } with publish = true, call an alias, and remove provisioned concurrency.'
    ),
    cost=cost_of_executions,
)
def snapstart_comes_before_provisioned(function: Function, estate: Estate) -> Verdict:
    """SnapStart takes a snapshot of the initialised function when a version is published, and starts every execution from it.

    Most of the cold start is gone then, at any number of callers, and nobody plans how many executions to keep ready. AWS offers it for
    some runtimes only, in nearly every region, without file systems and large ephemeral storage, and never beside provisioned concurrency.
    Where it is not to be had, provisioned concurrency is the only warm start. Java pays nothing for it, Python and .NET for the snapshot's
    cache and restores; a restore still takes some time; and what must be unique in each execution has to be made after the restore.
    """
    capacities = capacities_of(function, estate)
    if not capacities:
        return not_ours("the function has no provisioned concurrency")
    if not isinstance(function.snap_start, Unknown) and function.snap_start.value:
        return not_ours("SnapStart is on, and AWS accepts no provisioned concurrency beside it")
    conditions, ready = conditions_of(function), [evidence for capacity in capacities for evidence in kept(capacity)]
    if conditions.excluded:
        says = f"Provisioned concurrency is the only warm start the function can have as it is: {conditions.excluded[0].says}."
        return passed(says, *conditions.excluded, *ready)
    unknown = [*conditions.unknown, *([function.snap_start] if isinstance(function.snap_start, Unknown) else [])]
    missing = undecided_in(capacities, function)
    if unknown or missing:
        names = ", ".join(part.expression for part in (*missing, *unknown))
        says = f"Whether the function could start from a snapshot instead of being kept ready is decided outside this root: {names}."
        return undecided(says, *missing, *unknown, path=tuple(ready), answerable=not missing)
    return failed(
        f"Executions are kept ready where the function could start from a snapshot: {conditions.met[0].says} (as of {conditions.as_of}).",
        *conditions.met,
        *ready,
        kind=Kind.CONTRADICTED,
        instead=snapshot_instead(function, capacities, estate),
        argument="snap_start",
    )


check = on_checkov(snapstart_comes_before_provisioned)
