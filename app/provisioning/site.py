"""What the administrator fixed about jobs, checked against the tables: which there are, what each needs, what stands
in it already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from app.policy import Policy, PolicyError
from app.provisioning.workflows import ROWS, WORKFLOWS, Workflow


class Site(Struct, frozen=True):
    """`workflows` in the order of the table; `required` and `defaults` by a workflow's name."""

    workflows: tuple[Workflow, ...] = WORKFLOWS
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def allows(self, workflow: Workflow) -> bool:
        return any(workflow.name == here.name for here in self.workflows)


EVERYTHING = Site()
"""Where no administrator said anything."""


def site(policy: Policy) -> Site:
    """Raises PolicyError for a job, or a field of a job, that there is not."""
    for name in (*policy.workflows, *policy.required, *policy.defaults):
        if name not in ROWS:
            raise PolicyError(f"names a job that there is not: {name}")
    for named in (policy.required, policy.defaults):
        for name, keys in named.items():
            _check_fields(ROWS[name], keys)
    allowed = tuple(row for row in WORKFLOWS if row.name in policy.workflows) if policy.workflows else WORKFLOWS
    return Site(allowed, policy.required, policy.defaults)


def _check_fields(workflow: Workflow, keys: Iterable[str]) -> None:
    for key in keys:
        if key not in workflow.fields:
            raise PolicyError(f"names a field that {workflow.name} does not have: {key}")
