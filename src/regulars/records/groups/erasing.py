"""Erasure, the part of groups: who was erased belongs to nobody."""

from regulars.records.groups.models import GroupMember
from regulars.records.groups.proposals import forget_proposals


def leave_groups(customer_id: int) -> int:
    """How many groups she belonged to of which nothing is said any more."""
    forget_proposals(customer_id)
    return GroupMember.objects.filter(customer_id=customer_id).delete()[0]
