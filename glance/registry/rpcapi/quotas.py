"""Quotas: what projects use."""

from glance.registry.rpcapi import base


class Quotas(base.Resource):
    """Usage as limits are checked against it."""

    namespace = 'quotas'
    version = '1.1'

    def usage(self, ctxt, project_id):
        """What a project uses; since 1.1.

        :returns: {"image_size_total": bytes, "image_stage_total": bytes,
            "image_count_total": images, "image_count_uploading": images}
        """
        return self._call(ctxt, 'usage', project_id=project_id)
