"""Passwords and keys in plans: which they are, and a plan without them."""

from __future__ import annotations

from ocppsim.templates.yaml_document import masked_yaml

from .plan import Plan
from .plan_fault import Keys
from .secret_fields import SECRET_FIELDS

MASK = "***"


def without_secrets(text: str) -> str:
    """The text of a plan, comments and all, with its secrets shown as ``***``.

    Raises :class:`~ocppsim.templates.yaml_document.NotYaml`.
    """
    return masked_yaml(text, SECRET_FIELDS, MASK)


def masked_secret(plan: Plan) -> Keys | None:
    """Where a plan has the mask in the place of a secret; None where it has not."""
    if plan.live.basic_auth_password == MASK:
        return ("live", "basic_auth_password")
    for number, group in enumerate(plan.chargers):
        for name, value in group.configuration.items():
            if name in SECRET_FIELDS and value == MASK:
                return ("chargers", number, "configuration", name)
    return None


__all__ = ["MASK", "masked_secret", "without_secrets"]
