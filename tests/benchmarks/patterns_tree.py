"""A tree of small root modules like those of aws-samples/serverless-patterns: a seed and a number in, files out.

What was counted there (the stored snapshot of 2026, 159 folders with Terraform, 129 of them roots) and is kept here: most roots have one
to five files and 2 to 7 kB, a little more than half of them have a Lambda function, one in six has a VPC, one in five calls modules of the
registry (which are not downloaded) or of its own, and trust and permissions are written as heredoc, `jsonencode` and policy document
alike. None of them needs Terraform's evaluation; of ours, one in fifty does, so that its process is part of what is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import terraform_text as text
from terraform_text import filled

Files = dict[str, str]  # path relative to the tree -> text

_RUNTIMES = ("python3.13", "nodejs22.x", "java21", "provided.al2023")
_NAMES = ("orders", "refunds", "invoices", "thumbnails", "reports", "tickets", "prices", "stock", "mails", "audit")


def patterns_tree(roots: int = 150, seed: int = 3) -> Files:
    """The files of a tree with so many roots. The same arguments give the same tree, everywhere and always."""
    random = Random(seed)
    kinds = [kind for kind, weight in _KINDS for _ in range(weight)]
    files: Files = {}
    for number in range(roots):
        kind = kinds[number % len(kinds)]
        name = kind.__name__.strip("_").replace("_", "-")
        root = _Root(random, f"{name}-{number:03d}", is_evaluated=number % 50 == 1)
        kind(root)
        files |= root.files()
    return files


def write(files: Files, folder: Path) -> Path:
    """Write the files below the folder, which is returned."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


@dataclass
class _Root:
    """One root while it is put together."""

    random: Random
    folder: str
    is_evaluated: bool = False
    blocks: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=lambda: [filled(text.VARIABLES)])
    modules: Files = field(default_factory=dict)

    def add(self, piece: str, **words: object) -> None:
        self.blocks.append(filled(piece, **words))

    def name(self) -> str:
        return self.random.choice(_NAMES)

    def role(self, name: str, actions: list[str], resource: str, service: str = "lambda") -> None:
        """An execution role with one policy, in one of the ways to write them."""
        self.add(self.random.choice(text.ROLES), name=name, service=service)
        quoted = ", ".join(f'"{action}"' for action in actions)
        self.add(self.random.choice(text.POLICIES), name=f"{name}_work", role=name, actions=quoted, resource=resource)

    def function(self, name: str, actions: list[str], resource: str, variables: dict[str, str] | None = None, network: str = "") -> None:
        """A function with its package, its log group and its role."""
        if network:
            actions = [*actions, "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"]
        self.role(name, actions, resource)
        self.add(
            text.FUNCTION,
            name=name,
            role=name,
            runtime=self.random.choice(_RUNTIMES),
            memory=self.random.choice((128, 256, 512, 1024)),
            timeout=self.random.choice((3, 10, 30, 60)),
            variables="\n".join(f"      {key} = {value}" for key, value in (variables or {}).items()),
            network=network,
        )
        self.add(text.ALARM, name=name)
        if self.is_evaluated:
            self.add(text.EVALUATED, name=name, role=name, runtime="python3.13")
            self.is_evaluated = False

    def files(self) -> Files:
        """As people lay them out: everything in main.tf, or variables, outputs and the rest in files of their own."""
        head = filled(text.PROVIDER, name=self.folder.rpartition("-")[0])
        layout = self.random.choice((1, 1, 2, 3))
        outputs = [filled(text.OUTPUTS)]
        api = [block for block in self.blocks if layout == 3 and "\noutput " in block]
        rest = [block for block in self.blocks if block not in api]
        main = [head, *(self.variables if layout == 1 else ()), *rest, *(outputs if layout == 1 else ())]
        made = {"main.tf": main, "api.tf": api, "variables.tf": [], "outputs.tf": []}
        if layout > 1:
            made |= {"variables.tf": self.variables, "outputs.tf": outputs}
        files = {f"{self.folder}/{name}": "\n".join(blocks) for name, blocks in made.items() if blocks}
        return files | {f"{self.folder}/{name}": content for name, content in self.modules.items()}


# --- the kinds of roots --------------------------------------------------------------------------------------------------------------


def _rest_api_to_function(root: _Root) -> None:
    name = root.name()
    root.add(text.TABLE, name="items", streams="false")
    root.function(
        name, ["dynamodb:PutItem", "dynamodb:GetItem"], "aws_dynamodb_table.items.arn", {"TABLE": "aws_dynamodb_table.items.name"}
    )
    root.add(text.REST_API, name="api", function=name)


def _http_api_to_function(root: _Root) -> None:
    name = root.name()
    root.add(text.BUCKET, name="items")
    root.function(name, ["s3:GetObject", "s3:PutObject"], "aws_s3_bucket.items.arn", {"BUCKET": "aws_s3_bucket.items.bucket"})
    root.add(text.HTTP_API, name="api", function=name)


def _queue_to_function(root: _Root) -> None:
    name = root.name()
    root.add(text.QUEUE, name="work")
    root.function(name, ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "aws_sqs_queue.work.arn")
    root.add(text.MAPPING, name=name, function=name, source="aws_sqs_queue.work.arn", more="")


def _bucket_to_function(root: _Root) -> None:
    name = root.name()
    root.add(text.BUCKET, name="uploads")
    root.function(name, ["s3:GetObject"], "aws_s3_bucket.uploads.arn")
    root.add(text.NOTIFICATION, name="uploads", function=name)


def _stream_to_function(root: _Root) -> None:
    name = root.name()
    root.add(text.TABLE, name="events", streams="true")
    root.function(name, ["dynamodb:GetRecords", "dynamodb:GetShardIterator"], "aws_dynamodb_table.events.stream_arn")
    more = '  starting_position = "LATEST"\n'
    root.add(text.MAPPING, name=name, function=name, source="aws_dynamodb_table.events.stream_arn", more=more)


def _rule_to_function(root: _Root) -> None:
    name = root.name()
    root.add(text.TABLE, name="seen", streams="false")
    root.function(name, ["dynamodb:PutItem"], "aws_dynamodb_table.seen.arn", {"TABLE": "aws_dynamodb_table.seen.id"})
    root.add(text.RULE, name="placed", target=f"aws_lambda_function.{name}.arn")
    root.add(text.RULE_PERMISSION, name="placed", function=name)


def _state_machine(root: _Root) -> None:
    root.add(text.TABLE, name="orders", streams="false")
    for name in ("check", "store"):
        root.function(name, ["dynamodb:PutItem"], "aws_dynamodb_table.orders.arn", {"TABLE": "aws_dynamodb_table.orders.name"})
    root.role("machine", ["lambda:InvokeFunction"], "aws_lambda_function.check.arn", service="states")
    root.add(text.STATE_MACHINE, name="orders", role="machine", first="check", second="store")


def _rule_to_queue(root: _Root) -> None:
    """No function anywhere."""
    root.add(text.QUEUE, name="orders")
    root.add(text.RULE, name="placed", target="aws_sqs_queue.orders.arn")
    root.role("delivery", ["sqs:SendMessage"], "aws_sqs_queue.orders.arn", service="events")


def _topic_to_queue(root: _Root) -> None:
    """No function anywhere."""
    root.add(text.QUEUE, name="orders")
    root.add(text.TOPIC, name="orders", queue="orders")
    root.add(text.BUCKET, name="archive")


def _buckets_and_tables(root: _Root) -> None:
    """No function anywhere."""
    root.add(text.BUCKET, name="archive")
    root.add(text.TABLE, name="orders", streams="false")
    root.role("pipes", ["dynamodb:PutItem"], "aws_dynamodb_table.orders.arn", service="pipes")


def _function_and_database(root: _Root) -> None:
    name = root.name()
    root.add(text.VPC, octet=root.random.randrange(256))
    root.add(text.DATABASE)
    variables = {"DB_HOST": "aws_db_instance.database.address"}
    root.function(name, ["rds-db:connect"], "aws_db_instance.database.arn", variables, text.IN_OWN_VPC)
    root.add(text.HTTP_API, name="api", function=name)


def _function_behind_nat(root: _Root) -> None:
    name = root.name()
    root.add(text.VPC, octet=root.random.randrange(256))
    root.add(text.NAT)
    root.add(text.QUEUE, name="work")
    root.function(name, ["sqs:ReceiveMessage"], "aws_sqs_queue.work.arn", {"PARTNER_URL": '"https://api.example.com"'}, text.IN_OWN_VPC)


def _function_in_given_vpc(root: _Root) -> None:
    name = root.name()
    root.variables.append(filled(text.GIVEN_VPC))
    root.add(text.TABLE, name="items", streams="false")
    root.function(name, ["dynamodb:Query"], "aws_dynamodb_table.items.arn", network=text.IN_GIVEN_VPC)
    root.add(text.RULE, name="placed", target=f"aws_lambda_function.{name}.arn")


def _registry_function(root: _Root) -> None:
    root.add(text.BUCKET, name="uploads")
    root.add(text.REGISTRY_FUNCTION, name="resize", bucket="uploads", runtime=root.random.choice(_RUNTIMES))


def _registry_network(root: _Root) -> None:
    name = root.name()
    root.add(text.REGISTRY_NETWORK, octet=root.random.randrange(256))
    root.add(text.TABLE, name="items", streams="false")
    root.function(name, ["dynamodb:Query"], "aws_dynamodb_table.items.arn", network=text.IN_NETWORK_MODULE)


def _local_modules(root: _Root) -> None:
    root.add(text.TABLE, name="items", streams="false")
    for name in ("reader", "writer"):
        root.add(text.LOCAL_CALL, name=name, table="items", runtime=root.random.choice(_RUNTIMES))
    root.modules["modules/function/main.tf"] = filled(text.LOCAL_MODULE)


_Kind = Callable[[_Root], None]

# Each kind with how many of thirty roots it makes, in an order that mixes them.
_KINDS: tuple[tuple[_Kind, int], ...] = (
    (_rest_api_to_function, 3),
    (_rule_to_queue, 4),
    (_http_api_to_function, 2),
    (_topic_to_queue, 4),
    (_queue_to_function, 2),
    (_buckets_and_tables, 3),
    (_bucket_to_function, 2),
    (_function_and_database, 1),
    (_stream_to_function, 1),
    (_rule_to_function, 1),
    (_state_machine, 1),
    (_function_behind_nat, 1),
    (_function_in_given_vpc, 1),
    (_registry_function, 2),
    (_registry_network, 1),
    (_local_modules, 1),
)
