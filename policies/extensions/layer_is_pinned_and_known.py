import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import Estate, Function
from serverful.evidence.foreign_layers import whose_layers
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Verdict


@policy(
    id="SLS_EXT_2",
    title="A layer stays at its version and comes from somebody known",
    principle=Principle.WITHOUT_EXTENSIONS,
    severity=Severity.MEDIUM,
    recommendation=(
        "Pin the version. Copy what strangers publish into your own account (aws_lambda_layer_version), or put the library into the "
        "package. Name the publishers that you trust in the settings."
    ),
)
def layer_is_pinned_and_known(function: Function, estate: Estate) -> Verdict:
    """Whatever is in a layer runs in the function, with its role and its data, as if it had been written for it.

    A layer of another account is the code of whoever has that account today. It cannot be looked at in review, and it is gone when they
    withdraw it. The latest version of a layer is another one tomorrow: the next plan changes the function, and no line says why.
    """
    return whose_layers(function, estate)


check = on_checkov(layer_is_pinned_and_known)
