"""What this deployment offers: import methods and stores."""

from glance.api import request
from glance.api import services
from glance.api.views import stores as view
from glance.common import exceptions
from glance.conf import CONF
from glance import policy


@request.no_body
def import_methods(req):
    return {'import-methods': {
        'description': 'Import methods available.',
        'type': 'array',
        'value': list(CONF.enabled_import_methods)}}


@request.no_body
def stores(req):
    found = _multi_store()
    return {'stores': [view.show(store, found.default_id)
                       for store in found]}


@request.no_body
def stores_detail(req):
    policy.authorize(req.context, 'stores_info_detail')
    found = _multi_store()
    return {'stores': [view.show_detail(store, found.default_id)
                       for store in found]}


def _multi_store():
    found = services.stores()
    if not found.multi:
        raise exceptions.NotFound(
            'Several stores are not configured here.')
    return found
