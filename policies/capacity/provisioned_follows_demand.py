import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.costs.executions import cost_of_executions
from serverful.evidence.sizing import why_so_many
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_PC_4",
    title="Provisioned concurrency follows demand",
    principle=Principle.WITHOUT_PROVISIONED_CONCURRENCY,
    severity=Severity.LOW,
    recommendation=(
        "Let an aws_appautoscaling_target with a target-tracking policy or a timetable of scheduled actions raise and lower it, "
        "on as few functions as have to answer at once."
    ),
    cost=cost_of_executions,
)
def provisioned_follows_demand(function: Function, estate: Estate) -> Verdict:
    """A number that is the same at noon and at four in the morning is a server with another name: planned for the peak, paid all night.

    Application Auto Scaling moves it: by target tracking, which keeps a share of it in use, or by schedules, where the day is known. So it
    costs what the day needs, and nobody has to remember it. One execution kept ready is left alone, and so is whatever follows demand
    within the settings' bounds. More than the settings' ceiling is asked about even then, and so are many functions of one module: once.
    """
    return why_so_many(function, estate)


check = on_checkov(provisioned_follows_demand)
