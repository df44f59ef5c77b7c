"""Rules of what the service tells about itself."""

from oslo_policy import policy

from glance.policies import base


def list_rules() -> list[policy.RuleDefault]:
    return [
        base.rule('stores_info_detail',
                  'rule:context_is_admin or rule:service_api',
                  'Show the configuration details of the stores.',
                  'GET /v2/info/stores/detail', was=base.ADMIN,
                  since='2025.1'),
    ]
