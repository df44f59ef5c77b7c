"""The image services of other regions, for glance-download."""

from collections.abc import Iterable, Mapping
import typing

from glance.common import context

_KEYS = {'public': 'publicURL', 'internal': 'internalURL',
         'admin': 'adminURL'}


def source(ctxt: context.RequestContext, method: Mapping[str, str]
           ) -> dict[str, typing.Any]:
    """Where the image of another region is.

    :param method: of an import request, in good form
    :returns: {"uri", "headers", "private", "record": URL of the image's}, or
        {"problem"} where the caller's catalogue has no such region: clients
        expect the task to fail, not the request
    """
    region = method['glance_region']
    interface = method.get('glance_service_interface', 'public')
    url = _endpoint(ctxt.service_catalog, region, _KEYS.get(interface))
    if url is None:
        return {'problem': 'Your service catalogue has no image service of '
                'interface %s in the region %s.' % (interface, region)}
    record = '%s/v2/images/%s' % (
        url.rstrip('/').removesuffix('/v2').rstrip('/'),
        method['glance_image_id'])
    # The catalogue is the operator's word: the rules for what users name do
    # not count, and private addresses are as meant.
    return {'uri': record + '/file', 'record': record, 'private': True,
            'headers': {'X-Auth-Token': ctxt.auth_token or ''}}


def _endpoint(catalog: Iterable[dict[str, typing.Any]], region: str,
              key: str | None) -> str | None:
    for service in catalog:
        if service.get('type') != 'image':
            continue
        for endpoint in service.get('endpoints', ()):
            if endpoint.get('region') == region and endpoint.get(key):
                return endpoint[key]
    return None
