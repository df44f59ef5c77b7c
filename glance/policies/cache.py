"""Rules of the image cache."""

from oslo_policy import policy

from glance.policies import base

_OLD = 'rule:manage_image_cache'


def list_rules() -> list[policy.RuleDefault]:
    return [
        base.rule('manage_image_cache', base.ADMIN,
                  'Use the cache calls that came before those of /v2/cache.'),
        base.rule('cache_image', base.ADMIN, 'Queue an image for caching.',
                  'PUT /v2/cache/{image_id}', was=_OLD, since='X'),
        base.rule('cache_list', base.ADMIN, 'List cached and queued images.',
                  'GET /v2/cache', was=_OLD, since='X'),
        base.rule('cache_delete', base.ADMIN,
                  'Remove one image or all from the cache and its queue.',
                  'DELETE /v2/cache', 'DELETE /v2/cache/{image_id}',
                  was=_OLD, since='X'),
        base.rule('cache_clean', base.ADMIN,
                  'Remove incomplete and invalid files of the cache.',
                  'POST /v2/cache/clean'),
        base.rule('cache_prune', base.ADMIN,
                  'Bring the cache back to its size limit.',
                  'POST /v2/cache/prune'),
        base.rule('list_cached_nodes', base.ADMIN,
                  'List the workers that have an image in their cache.',
                  'GET /v2/cache/nodes/{image_id}'),
    ]
