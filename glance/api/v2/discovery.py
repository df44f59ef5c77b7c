"""What this deployment offers: import methods and stores."""

from glance.api import request
from glance.conf import CONF


@request.no_body
def import_methods(req):
    return {'import-methods': {
        'description': 'Import methods available.',
        'type': 'array',
        'value': list(CONF.enabled_import_methods)}}
