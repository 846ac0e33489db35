import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.share import share_of
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_RAD_1",
    title="The serverful share of a root's functions stays small",
    principle=Principle.SMALL_RADIUS,
    severity=Severity.MEDIUM,
    recommendation="Keep what needs the VPC, the file system or the warm capacity in a few small functions, with a queue before them.",
)
def serverful_share_stays_small(function: Function, estate: Estate) -> Verdict:
    """Yes, you need it; keep that radius small.

    One function in a VPC is an exception that somebody can explain, patch and pay for. When a third of them take layers of the stack back,
    it has become how this root is built: the next function is copied from its neighbour, with subnets, security group and extension, and
    nobody decides anything any more. Reasons do not help here. Each of them may be honest, and the share is still too large.

    It is asked once per root, at the first of its serverful functions by address, and not of a handful of functions, where a share says
    nothing. A root that has to be serverful gets a budget in the settings (`organisation.budgets`), with its reason.
    """
    share = share_of(estate)
    if share is None or share.first is not function:
        return not_ours("this is asked once per root with enough functions, at the first that is serverful")
    if share.is_too_large:
        return failed(share.says, *share.path, kind=Kind.CONTRADICTED, instead=share.instead)
    if share.may_be_too_large:
        return undecided(share.says, *share.unknown, path=share.path)
    return passed(share.says, *share.path)


check = on_checkov(serverful_share_stays_small)
