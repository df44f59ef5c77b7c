"""The real programs, with the identity of callers in plain headers."""

import json
import time

from oslotest import base
import requests

from tests.fixtures import deployments
from tests.fixtures import programs

HEADERS = {'X-Identity-Status': 'Confirmed', 'X-User-Id': 'user',
           'X-Project-Id': 'project', 'X-Roles': 'member,reader',
           'Accept': 'application/json'}
PATCH_TYPE = 'application/openstack-images-v2.1-json-patch'
# Seconds; that long nothing takes, on however busy a machine.
PATIENCE = 240
# What is refused at once waits for nobody: the first such wait is half of the
# time of a call, 30 s.
AT_ONCE = 10
# Whose answer is lost waits for so long before asking again.
LOST = 30
DATA_TYPE = {'Content-Type': 'application/octet-stream'}


class TrustedCallers(deployments.Distributed):
    """Two API workers and two registries, without Keystone."""

    def __init__(self, **kwargs):
        shared = kwargs.pop('shared', {})
        super().__init__(shared=dict(
            shared, paste_deploy={'flavor': 'trusted-auth'}), **kwargs)

    def _wait_until_serving(self):
        programs.wait_until_serving(self.url, HEADERS)


class Caller:
    """One client with a connection of its own."""

    def __init__(self, url):
        self._url = url + '/v2/images'
        self._session = requests.Session()
        self._session.headers.update(HEADERS)

    def request(self, verb, path='', **kwargs):
        kwargs.setdefault('timeout', PATIENCE)
        return self._session.request(verb, self._url + path, **kwargs)

    def create(self, **values):
        """:returns: the id of a new image"""
        body = dict({'disk_format': 'raw', 'container_format': 'bare'},
                    **values)
        response = self.request('POST', json=body)
        if response.status_code != 201:
            raise ValueError(response.text)
        return response.json()['id']

    def show(self, image_id):
        return self.request('GET', '/' + image_id).json()

    def upload(self, image_id, data, **headers):
        return self.request('PUT', '/%s/file' % image_id, data=data,
                            headers=dict(DATA_TYPE, **headers))

    def patch(self, image_id, *operations):
        return self.request('PATCH', '/' + image_id,
                            data=json.dumps(operations),
                            headers={'Content-Type': PATCH_TYPE})


class TestCase(base.BaseTestCase):

    def wait_until(self, condition, timeout, what):
        """:returns: the first true value that `condition` gives"""
        deadline = time.monotonic() + timeout
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                self.fail('%s did not happen within %s s' % (what, timeout))
            time.sleep(0.1)
