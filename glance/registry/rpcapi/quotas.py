"""Quotas: what projects use."""

from glance.common import context
from glance.objects import quota
from glance.registry.rpcapi import base


class Quotas(base.Resource):
    """Usage as limits are checked against it."""

    namespace = 'quotas'
    version = '1.1'

    def usage(self, ctxt: context.Caller, project_id: str) -> quota.Usage:
        """What a project uses; since 1.1."""
        return self._call(ctxt, 'usage', project_id=project_id)
