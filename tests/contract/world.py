"""A running service, with a socket, for the requests of the contract."""

import http.client
import json
import os
import urllib.parse

import fixtures
import yaml

from glance.common import concurrency
from glance.conf import CONF
from glance import policies
from glance import policy
from glance.service.http import listening
from glance.store.drivers import http as http_store
from glance.store import options as store_options
from tests.contract import givens
from tests.fixtures.servers import nginx
from tests.fixtures import service

ROLES = 'member,reader'
# Rules that guard nothing, other rules name them.
_REFERRED_TO = ('context_is_admin', 'default', 'metadef_admin',
                'metadef_default', 'service_api')
# project, roles
CALLERS = {'member': ('p1', ROLES), 'stranger': ('p2', ROLES),
           'outsider': ('p3', ROLES),
           'admin': ('p0', 'admin,' + ROLES),
           'service': ('p1', 'service,' + ROLES)}


class Plain(service.Service):
    """One store, no cache."""

    def _setUp(self):
        super()._setUp()
        self.web = self.useFixture(nginx.Nginx())
        self.web.add('x', givens.DATA)
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[self.web.port])
        self.conf.config(group='oslo_policy',
                         policy_file=self._policy_file())
        policy.reset()

    def _policy_file(self):
        """As the defaults, but role `no_x` is denied what rule `x` is for.
        """
        path = os.path.join(self.state, 'policy.yaml')
        with open(path, 'w') as file:
            yaml.safe_dump(
                {rule.name: '(%s) and not role:no_%s' % (rule.check_str,
                                                         rule.name)
                 for rule in policies.list_rules()
                 if rule.name not in _REFERRED_TO}, file)
        return path


class Several(Plain):
    """Stores of files, one of web servers, a cache, import of all kinds."""

    def __init__(self, **kwargs):
        super().__init__(multi=True, cache=True, **kwargs)

    def _configure(self):
        super()._configure()
        store_options.register_native(CONF, 'web', http_store.Driver)
        self.conf.config(
            enabled_backends={'fast': 'file', 'cold': 'file', 'web': 'http'},
            enabled_import_methods=['glance-direct', 'web-download',
                                    'copy-image', 'glance-download'],
            image_cache_driver='centralized_db',
            show_multiple_locations=True)


class Answer:
    """:ivar status: a number
    :ivar headers: of http.client
    """

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode('utf-8', 'replace')[:300]


class World(fixtures.Fixture):
    """:param running: a `Plain` or `Several`"""

    def __init__(self, running):
        super().__init__()
        self._running = running

    def _setUp(self):
        self.service = self.useFixture(self._running)
        sock = listening.listen('127.0.0.1', 0, 16, 0)
        self.address = sock.getsockname()
        if concurrency.is_green():
            from glance.service.http import http_green as server
        else:
            from glance.service.http import http_threads as server
        serving = server.Server(sock, self.service.wsgi, CONF)
        sock.close()
        serving.start()
        self.addCleanup(serving.stop, 5)
        self._connection = http.client.HTTPConnection(*self.address,
                                                      timeout=60)
        self.addCleanup(self._connection.close)

    def send(self, case):
        """:param case: a `tests.contract.cases.base.Case`"""
        request = case.request
        with fixtures.Fixture() as scope:
            parts = dict(givens.NAMES, web=self.service.web.url,
                         state=self.service.state)
            parts.update(givens.make(self.service, request.get('given'),
                                     scope))
            parts.update(request.get('parts', {}))
            for name, value in request.get('options', {}).items():
                _set(scope, name, _filled(value, parts))
            for target, other in request.get('patches', {}).items():
                scope.useFixture(fixtures.MonkeyPatch(target, other))
            return self._request(
                request.get('verb', case.verb), _path(case, parts),
                _body(request.get('body'), parts), _headers(request))

    def _request(self, verb, path, body, headers):
        self._connection.request(verb, path, body, headers)
        answer = Answer(self._connection.getresponse())
        if answer.headers.get('Connection') == 'close':
            self._connection.close()
        return answer


def _set(scope, name, value):
    """An option, `group.name` or `name`, until the scope ends."""
    group, _dot, option = name.rpartition('.')
    values = CONF[group] if group else CONF
    scope.addCleanup(CONF.set_override, option, values[option], group or None)
    CONF.set_override(option, value, group or None)


def _path(case, parts):
    template = case.request.get('path', case.path)
    path = template.format(**{name: urllib.parse.quote(str(value), safe='')
                              for name, value in parts.items()})
    query = case.request.get('query', '').format(**parts)
    return path + ('?' + query if query else '')


def _body(body, parts):
    if body is None or isinstance(body, bytes):
        return body
    return json.dumps(_filled(body, parts)).encode()


def _filled(value, parts):
    """Names of parts in braces become the parts."""
    if isinstance(value, dict):
        return {name: _filled(one, parts) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, parts) for one in value]
    if isinstance(value, str) and value.startswith('{'):
        return value.format(**parts)
    return value


def _headers(request):
    headers = {'Accept': 'application/json'}
    caller = request.get('caller', 'member')
    if caller != 'nobody':
        project, roles = CALLERS[caller]
        if 'denied' in request:
            roles += ',no_' + request['denied']
        headers.update({'X-Identity-Status': 'Confirmed', 'X-Roles': roles,
                        'X-User-Id': 'u-' + project,
                        'X-Project-Id': project})
    body = request.get('body')
    if body is not None:
        headers['Content-Type'] = (
            'application/octet-stream' if isinstance(body, bytes)
            else 'application/json')
    headers.update(request.get('headers', {}))
    return headers
