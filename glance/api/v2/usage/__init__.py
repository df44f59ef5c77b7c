"""Who uses an image."""

from glance.api.checks import access
from glance.api.queries import filters
from glance.api.queries import usage_pages
from glance.api import request
from glance.api import services
from glance.api import views
from glance.api.views import usage as view
from glance.common import exceptions
from glance.conf import CONF


@request.no_body
def list_(req: request.Request, image_id: str) -> views.View:
    ctxt = req.context
    if not CONF['usage'].enabled:
        raise exceptions.NotFound('Who uses images is not known here.')
    pairs = filters.pairs(req.query_string)
    query = usage_pages.parse(
        pairs, None if ctxt.is_admin else ctxt.project_id or '')
    image = access.get_image(ctxt, image_id, 'get_image', 'get_image_usage')
    page = services.registry().usage.list(ctxt, image['id'], query)
    return view.list_(image['id'], page, pairs, query)
