import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.account import account_of
from serverful.evidence.reasons import Problem
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, failed, not_ours, passed, undecided

SEVERITIES = {Problem.EXPIRED: Severity.MEDIUM, Problem.MALFORMED: Severity.MEDIUM, Problem.STALE: Severity.LOW}


@policy(
    id="SLS_RAD_3",
    title="Evidence or a recorded reason in date explains each serverful feature",
    principle=Principle.SMALL_RADIUS,
    severity=Severity.MEDIUM,
    recommendation="Record why, with an owner and an end date: `serverful reason ADDRESS` prints the tag and the comment to paste.",
)
def serverful_feature_has_recorded_reason(function: Function, estate: Estate) -> Verdict:
    """A VPC, provisioned concurrency, a container image: each has honest reasons, and each hands work back to you that AWS would do.

    Often the configuration says why by itself: the database's security group admits the function. Where it cannot, because the database
    lives in another state file or the reason is a decision and no resource, one line spares the next reader the search, and its end date
    makes somebody look again before the reason has quietly become history.

    So this is a question (INFO), asked only where no other policy asks it. A reason that has ended or cannot be read answers nothing,
    though somebody believes that it does (MEDIUM). A reason for what the function does not have any more merely misleads (LOW).
    """
    account = account_of(function, estate)
    if account.open:
        severity = max((SEVERITIES[reason.problem] for reason in account.faulty), default=Severity.INFO)
        return failed(account.says, *account.open, missed=account.looked_at, severity=severity, instead=account.instead, argument="tags")
    if account.undecided:
        says = f"Whether its serverful features are explained is decided elsewhere: {'; '.join(account.undecided)}."
        return undecided(says, *account.unknown, path=account.explained)
    if account.explained:
        return passed("Each serverful feature of the function is explained.", *account.explained)
    return not_ours("the function has no serverful feature, or another policy already asks about it")


check = on_checkov(serverful_feature_has_recorded_reason)
