"""What this deployment offers: import methods and stores."""

from glance.api import health
from glance.api import request
from glance.api import services
from glance.api import views
from glance.api.views import stores as view
from glance.common import exceptions
from glance.conf import CONF
from glance import policy
from glance.store import backends


@request.no_body
def import_methods(req: request.Request) -> views.View:
    return {'import-methods': {
        'description': 'Import methods available.',
        'type': 'array',
        'value': list(CONF.enabled_import_methods)}}


@request.no_body
def stores(req: request.Request) -> views.View:
    found = _multi_store()
    return {'stores': [view.show(store, found.default_id)
                       for store in found]}


@request.no_body
def stores_detail(req: request.Request) -> views.View:
    policy.authorize(req.context, 'stores_info_detail')
    found = _multi_store()
    reachable = health.reachable_stores()
    return {'stores': [view.show_detail(store, found.default_id,
                                        reachable[store.id])
                       for store in found]}


def _multi_store() -> backends.Stores:
    found = services.stores()
    if not found.multi:
        raise exceptions.NotFound(
            'Several stores are not configured here.')
    return found
