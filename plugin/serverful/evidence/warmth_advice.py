"""What to write in Terraform where executions are kept ready for nobody.

Arguments: Terraform AWS provider 6.55 documentation of `aws_lambda_event_source_mapping`, `aws_lambda_alias`, `aws_lambda_function_url` and
`aws_lambda_permission`. That asynchronous work seldom needs provisioned concurrency: AWS Lambda Developer Guide, "Configuring provisioned
concurrency for a function".
"""

from __future__ import annotations

from collections.abc import Sequence

from serverful.estate.capacity import Capacity
from serverful.estate.estate import Estate
from serverful.estate.model import Function, Invocation, Means, Provisioned, Qualified, Scaling, Style
from serverful.estate.naming import without_index
from serverful.estate.qualifiers import alias_of
from serverful.wording import counted, joined

_STREAMS = ("Kinesis", "DynamoDB")
_ALIAS_FIRST = {
    Qualified.LATEST: "Publish versions (publish = true), and let it stand on an aws_lambda_alias. ",
    Qualified.VERSION: "Let it stand on an aws_lambda_alias: every publication is another version. ",
}


def let_go(capacity: Capacity, others: Sequence[Invocation], beside: Sequence[Invocation], function: Function, estate: Estate) -> str:
    """Where nobody waits: remove it; a queue takes the burst. Somebody who does wait elsewhere is told how to profit from it."""
    polled = [caller for caller in others if caller.style is Style.POLLED]
    if polled:
        streams = all(caller.service.startswith(_STREAMS) for caller in polled)
        knobs = "batch_size and parallelization_factor" if streams else "batch_size and scaling_config { maximum_concurrency = … }"
        burst = (
            f"What waits in {joined(list(dict.fromkeys(caller.service for caller in polled)))} waits safely: {knobs} on {polled[0].by} say"
        )
        burst += " how fast it is read."
    else:
        burst = (
            "If bursts are the worry, let an aws_sqs_queue take them, read by an aws_lambda_event_source_mapping with batch_size and "
            "scaling_config { maximum_concurrency = … }."
        )
    steps = f"Remove {removal(capacity)}: nobody notices a cold start. {burst}"
    if beside:
        steps += f" If {beside[0].service} is whom it was meant for, {_redirected(capacity, beside[0], function, estate)}."
    return steps


def call_it(capacity: Capacity, past: Sequence[Invocation], function: Function, estate: Estate) -> str:
    """Where everybody goes past it: whoever waits calls the qualifier; where nobody waits, remove it."""
    waiting = next((caller for caller in past if caller.style is Style.SYNCHRONOUS), None)
    if waiting is None:
        return f"Remove {removal(capacity)}: nobody who calls the function waits, here or there."
    others = len({caller.by for caller in past if caller.style is Style.SYNCHRONOUS}) - 1
    too = f" (and in {counted(others, 'more place', 'more places')})" if others else ""
    return f"In {waiting.by}{too}, {_redirected(capacity, waiting, function, estate)}; or remove {removal(capacity)}."


def removal(capacity: Capacity) -> str:
    """The blocks to remove, or the input of the module that makes them."""
    things: tuple[Provisioned | Scaling, ...] = (*capacity.provisioned, *capacity.scaling)
    if things[0].calls:
        call = things[0].calls[0]
        return f"the provisioned concurrency that {call.address} ({call.spot}) is given for {things[0].address} ({things[0].place.spot})"
    return joined([f"{thing.address} ({thing.place.spot})" for thing in things])


def _redirected(capacity: Capacity, caller: Invocation, function: Function, estate: Estate) -> str:
    """What the caller is to name, as it can be written where the alias stands."""
    alias = alias_of(capacity.callee, estate)
    is_version = capacity.callee.qualified is Qualified.VERSION
    if caller.service == "function URL":
        if is_version:
            return "set qualifier to an aws_lambda_alias, and put the provisioned concurrency on that: a function URL takes no version"
        return f"set qualifier = {alias.address}.name" if alias else f'set qualifier = "{capacity.callee.qualifier}"'
    is_api = caller.service.startswith("API Gateway")
    by_output = f" (by an output of {function.calls[0].address})" if function.calls else ""
    permission = f"instead of the function{by_output}, and give its aws_lambda_permission the same qualifier"
    if alias:
        return f"name {alias.address}.{'invoke_arn' if is_api else 'arn'} {permission}"
    if is_version and not capacity.callee.qualifier:
        return f"name {function.address}.{'qualified_invoke_arn' if is_api else 'qualified_arn'} {permission}"
    return f"name the qualifier {capacity.callee.qualifier or capacity.callee.expression} {permission}"


def snapshot_instead(function: Function, capacities: Sequence[Capacity], estate: Estate) -> str:
    """Where a snapshot would do. It is the version's: a call of the function without a qualifier starts from none."""
    alias = next(filter(None, (alias_of(capacity.callee, estate) for capacity in capacities)), None)
    by_name = f"let callers name {alias.address}" if alias else f"let callers name an aws_lambda_alias or {function.address}.qualified_arn"
    where = f"{function.address} ({function.place.spot})"
    if function.calls:
        where += f", by way of {function.calls[0].address} ({function.calls[0].spot})"
    return (
        f'Write snap_start {{ apply_on = "PublishedVersions" }} with publish = true into {where}; {by_name}, and '
        f"remove {joined([removal(capacity) for capacity in capacities])}. Make random seeds and connections after the restore."
    )


def scaled_instead(capacities: Sequence[Capacity], function: Function, estate: Estate) -> str:
    """Where nothing moves what is kept ready: the target, what moves it, and how Terraform leaves it alone."""
    capacity = capacities[0]
    everything: tuple[Provisioned | Scaling, ...] = (*capacity.provisioned, *capacity.scaling)
    targets = [thing for thing in everything if thing.means is Means.TARGET]
    # Where `lifecycle` is written, all instances of the block have it.
    configs = [without_index(thing.address) for thing in everything if thing.means is Means.CONFIG]
    if targets:
        target = f"Give {targets[0].address} ({targets[0].place.spot}) a max_capacity above its min_capacity"
    else:
        target = (
            f"{_ALIAS_FIRST.get(capacity.callee.qualified, '')}"
            'Add an aws_appautoscaling_target (scalable_dimension = "lambda:function:ProvisionedConcurrency", '
            f'resource_id = "function:${{{function.address}.function_name}}:{_qualifier(capacity, estate)}")'
        )
    if configs:
        drift = f"{joined(configs)} lifecycle {{ ignore_changes = [provisioned_concurrent_executions] }}"
    else:
        drift = "the target lifecycle { ignore_changes = [min_capacity, max_capacity] } where schedules change its bounds"
    return (
        f"{target}, and an aws_appautoscaling_policy with target tracking on LambdaProvisionedConcurrencyUtilization (target_value = 0.7), "
        "or one aws_appautoscaling_scheduled_action that raises it in the morning and one that lowers it at night (min_capacity = 0). "
        f"Give {drift}, or Terraform takes back what scaling has done."
    )


def _qualifier(capacity: Capacity, estate: Estate) -> str:
    alias = alias_of(capacity.callee, estate)
    if alias:
        return f"${{{alias.address}.name}}"
    return capacity.callee.qualifier or "${aws_lambda_alias.….name}"


FEWER = (
    "Keep ready what must answer at once, and no more. A function that may start cold, or that is called by way of a queue, needs none; "
    "where so many are right, say so in the settings."
)
