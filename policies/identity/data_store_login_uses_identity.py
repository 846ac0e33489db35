"""SLS_ID_6: functions log in to a data store as who they are."""

import _clone  # noqa: F401  (a bare git clone finds plugin/ beside policies/)
from serverful.estate import DataStore, Estate, Function, Known, Unknown
from serverful.evidence import identity_login_words as words
from serverful.evidence.costs.proxies import cost_of_proxy
from serverful.evidence.evidence import Evidence
from serverful.evidence.identity_login import found_elsewhere, offers, perhaps_using, roles_of, users_of
from serverful.host.check import on_checkov
from serverful.policy import Principle, Severity, policy
from serverful.verdict import Kind, Verdict, failed, not_ours, passed, undecided


@policy(
    id="SLS_ID_6",
    title="Functions log in to a data store as who they are",
    principle=Principle.WITHOUT_VPC,
    severity=Severity.MEDIUM,
    recommendation="IAM login on the store, and the action that connects in the roles; else a password that AWS keeps and changes.",
    cost=cost_of_proxy,
)
def data_store_login_uses_identity(subject: DataStore | Function, estate: Estate) -> Verdict:
    """A function has a role, and a database in its VPC mostly asks for a password that anybody may hold, or for nothing at all.

    Then the network is what lets it in, and the password lies in variables, in an environment, in somebody's notes. Most engines can ask
    for IAM instead: the function signs with its role, a token lives for minutes, and the log says who came. It costs a permission and a few
    lines of code. RDS Proxy takes over where functions open connections faster than the database can check them.

    The store is asked once for all functions that reach it. About a store of another root the function is asked, and the answer lies there.
    """
    if isinstance(subject, Function):
        return _elsewhere(subject, estate)
    users, login, offered = users_of(subject, estate), subject.login, offers(subject)
    if not users or login.by_directory:
        perhaps = () if login.by_directory or offered is False else perhaps_using(estate)
        says = f"Whether a function logs in to {subject.address} is decided outside this root."
        return undecided(says, *perhaps) if perhaps else not_ours("no function in a VPC is known to log in to it by itself")
    path = words.path(users)
    if offered is False:
        if isinstance(login.is_managed, Known) and login.is_managed.value:
            return passed(words.managed(subject), Evidence("a password that AWS keeps", login.is_managed.place), *path)
        return not_ours("its engine is not known to have IAM login")
    unknown = [part for part in (offered, login.by_identity) if isinstance(part, Unknown)]
    if unknown:
        return undecided(words.undecided_because(subject, users, unknown), *unknown, path=path)
    if words.is_open(subject) or not words.is_on(subject):
        says, cited, who = words.off(subject, users), words.cited(subject), users
    else:
        roles = roles_of(users, login.service, estate)
        if not roles.without:
            if roles.unknown:
                return undecided(words.undecided_because(subject, users, roles.unknown), *roles.unknown, path=path)
            return passed(words.by_identity(subject, users), *roles.by_identity[:3], words.cited(subject))
        says, cited, who = words.no_permission(subject, roles.without), words.cited(subject), roles.without
    return failed(says, cited, *words.path(who), kind=Kind.CONTRADICTED, instead=words.instead(subject, who), argument="login")


def _elsewhere(function: Function, estate: Estate) -> Verdict:
    seen = found_elsewhere(function, estate)
    if seen is None:
        return not_ours("the function reaches no data store of another root")
    why = Unknown(f"the login of {seen.of}", seen.place)
    return undecided(f"How the function logs in to {seen.of} is decided where that stands.", why, path=(seen,))


check = on_checkov(data_store_login_uses_identity)
