"""The default rules of the service, by resource, with their descriptions."""

import itertools

from oslo_policy import policy

from glance.policies import base
from glance.policies import cache
from glance.policies import discovery
from glance.policies import images
from glance.policies import locations
from glance.policies import members
from glance.policies import metadefs
from glance.policies import tasks

_ROOMS = (base, images, locations, members, cache, tasks, discovery, metadefs)


def list_rules() -> list[policy.RuleDefault]:
    """All rules, as the tools and the enforcer of oslo.policy take them."""
    return list(itertools.chain.from_iterable(
        room.list_rules() for room in _ROOMS))
