"""What any operation answers, whatever it is about."""

from tests.contract.cases import base
from tests.contract import contract

NAME = 'any operation '
_BEFORE_AUTHENTICATION = ('/', '/versions', '/healthcheck')
_CHANGING = ('POST', 'PUT', 'PATCH', 'DELETE')
_SEGMENTS = {'image_id': base.UNKNOWN, 'task_id': base.UNKNOWN,
             'namespace': 'none'}


def _requests():
    """(status and cause, operation, request) for each operation."""
    for one in contract.operations():
        if one.path in _BEFORE_AUTHENTICATION:
            continue
        request = {'parts': _SEGMENTS, 'caller': 'nobody'}
        yield ('401 no confirmed identity and anonymous access off', one,
               request)
        if one.verb in _CHANGING:
            yield ('403 read-only (anonymous) context on mutating calls',
                   one, dict(request, options={
                       'allow_anonymous_access': True}))
        for verb in ('HEAD', 'TRACE'):
            yield ('405 method unknown for path, Allow header set', one,
                   dict(request, caller='admin', verb=verb))
        yield ('404 path unknown', one, dict(
            request, caller='admin', path=one.path + '/n/o/n/e'))
    yield ('501 HTTP method not in GET HEAD POST PUT DELETE PATCH on unknown '
           'path', one, {'path': '/v2/none', 'verb': 'BREW'})
    yield ('500 incoming request id longer than max_request_id_length (64)',
           one, {'headers': {'X-Openstack-Request-Id': 'x' * 65}})
    for path in ('/v2/images', '/v2/metadefs/namespaces'):
        yield ('500 JSON array where an object is expected (images, '
               'namespaces)', one, {
                   'path': path, 'verb': 'POST', 'body': [],
                   'caller': 'admin'})


def rows():
    errors = contract.load('routes')['common']['errors_on_every_route']
    return ['%s%s %s' % (NAME, status, cause)
            for status, causes in errors.items() for cause in causes]


CASES = [base.case(NAME + cause, operation, request)
         for cause, operation, request in _requests()]
