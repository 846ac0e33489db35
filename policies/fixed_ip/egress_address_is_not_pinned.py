"""SLS_IP_2: no fixed address is kept for functions without a reason."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Address, AddressAssociation, Estate, NatGateway
from serverful.estate.addresses import pinned_way
from serverful.evidence import address_words as words
from serverful.evidence.address_account import address_account
from serverful.evidence.costs.gateways import cost_of_fixed_address
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_IP_2",
    title="A fixed address from which functions leave has a reason",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.HIGH,
    recommendation="Ask the partner to check an identity; if only an address will do, let one small function behind a queue have it.",
    feature="fixed-ip",  # recorded at the address, at its gateway, or at every function behind it
    cost=cost_of_fixed_address,
)
def egress_address_is_not_pinned(subject: Address | NatGateway | AddressAssociation, estate: Estate) -> Verdict:
    """An address that a partner admits says where a call comes from, not who makes it, and it ties every function behind it to a VPC.

    Sometimes the partner's firewall can do no better; then the address is worth a line that says whose firewall, until when, and who will
    ask again. Without that line nobody dares to let go of it: an address on somebody else's list is easily kept and never given back.
    And while it is there, each further function that is put into the same subnets leaves from it as well, admitted by a partner who has
    never heard of it. On an interface that Lambda itself made, an address does not even stay: Lambda takes such interfaces back (HIGH).
    """
    way = pinned_way(subject, estate)
    if way is None:
        return not_ours("it holds no fixed address of a way out, or another block speaks for it")
    account = address_account(way, estate)
    if not account.is_for_functions:
        return not_ours("nothing shows or says that the address is kept for functions")
    path, at = words.path(account, estate), account.recorded_at
    if account.unknown:
        says, is_kept = words.undecided_because(account), not way.doubts
        return undecided(says, *account.unknown, path=path, answerable=is_kept, recorded_at=at)
    if account.is_explained:
        verdict = passed(words.explained(account), *words.explained_by(account, estate))
        return verdict.justified_by(account.reason) if account.reason else verdict
    missed, instead = words.missed(account, estate), words.instead(account, estate)
    severity = Severity.HIGH if way.lookup else Severity.MEDIUM
    return failed(words.unexplained(account), *path, missed=missed, severity=severity, instead=instead, recorded_at=at)


check = on_checkov(egress_address_is_not_pinned)
