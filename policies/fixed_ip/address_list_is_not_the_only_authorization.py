"""SLS_IP_3: a list of addresses is not the only authorization before a function or its store."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Api, Estate, PolicyHolder, Role, SearchDomain, Secret, Source, WebAcl
from serverful.evidence.address_list import only_addresses_are_asked
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_IP_3",
    title="A list of addresses is not the only authorization",
    principle=Principle.WITHOUT_FIXED_IP,
    severity=Severity.HIGH,
    recommendation=(
        "IAM or JWT authorization, a Lambda authorizer that checks a signature, mutual TLS, signed URLs or cookies; the list of addresses "
        "as one layer more."
    ),
)
def address_list_is_not_the_only_authorization(
    holder: PolicyHolder | Api | Source | Secret | SearchDomain | Role | WebAcl, estate: Estate
) -> Verdict:
    """An address says from where a request comes, and not who sent it. Whoever shares it is let in: an office, a provider's NAT, a cloud.

    Addresses change owners, lists grow and are seldom cleaned, and each partner behind one is forced to keep a fixed address, so that the
    next NAT gateway has its reason. An identity is checked with each request, can be taken back, and shows in the log who it was.

    A list beside an identity does no harm: it is one layer more. Where it is the only one, it is what the policy finds.
    """
    return only_addresses_are_asked(holder, estate)


check = on_checkov(address_list_is_not_the_only_authorization)
