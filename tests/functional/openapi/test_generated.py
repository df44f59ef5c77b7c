"""Requests made up from the description of the API, to a running service.

GLANCE_TEST_GENERATED_REQUESTS says at least how many there are.
"""

import collections
import itertools
import math
import os

import fixtures
import hypothesis
import psutil
import requests
import schemathesis
from schemathesis import checks
from schemathesis.core import failures
from schemathesis.specs.openapi import checks as openapi_checks
import testtools
from testtools import content

from glance.api.patch import patch_body
from tests.fixtures import ports
from tests.fixtures import programs
from tests.functional.openapi import world

REQUESTS = int(os.environ.get('GLANCE_TEST_GENERATED_REQUESTS', '360'))
CHECKS = [checks.not_a_server_error,
          openapi_checks.status_code_conformance,
          openapi_checks.content_type_conformance,
          openapi_checks.response_headers_conformance,
          openapi_checks.response_schema_conformance]
MODES = (schemathesis.GenerationMode.POSITIVE,
         schemathesis.GenerationMode.NEGATIVE)
MOST_MEMORY = 500 << 20
# What still comes up in the second half does not depend on their number.
MOST_GROWTH = 64 << 20

schemathesis.serializer.alias(list(patch_body.MEDIA_TYPES), 'application/json')


def config(state):
    return {
        'DEFAULT': {'enabled_backends': 'fast:file,cold:file',
                    'show_multiple_locations': 'true',
                    'image_cache_dir': os.path.join(state, 'cache'),
                    'enabled_import_methods':
                    '[glance-direct,web-download,copy-image]'},
        'glance_store': {'default_backend': 'fast'},
        'work': {'max_tries': 1},
        **{name: {'filesystem_store_datadir': os.path.join(state, name)}
           for name in ('fast', 'cold')}}


class TestGenerated(testtools.TestCase):

    def setUp(self):
        super().setUp()
        state = self.useFixture(fixtures.TempDir()).path
        for name in ('fast', 'cold', 'cache'):
            os.mkdir(os.path.join(state, name))
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        self.program = self.useFixture(programs.start(
            'glance-standalone', '--port', port, '--state-dir', state,
            '--config-file', programs.write_config(
                os.path.join(state, 'api.conf'), config(state)),
            url=self.url, log=os.path.join(state, 'log')))
        self.world = world.World(self.url)
        self.session = requests.Session()
        self.addCleanup(self.session.close)
        self.complaints = collections.Counter()
        self.sent = 0
        self.memory = []

    def test_each_request_is_answered_as_described(self):
        schema = schemathesis.openapi.from_url(self.url + '/v2/openapi.json')
        operations = [result.ok() for result in schema.get_all_operations()]
        self.assertGreater(len(operations), 60)
        each = math.ceil(REQUESTS / len(operations) / len(MODES) / 2)
        for half in range(2):
            for operation, mode in itertools.product(operations, MODES):
                self.exercise(operation, mode, each, half)
                self.look_at_memory()
        self.assertEqual({}, dict(self.complaints))
        self.assertGreater(self.sent, REQUESTS * 0.9)
        self.check_memory()

    def look_at_memory(self):
        self.memory.append(
            psutil.Process(self.program.pid).memory_info().rss)

    def check_memory(self):
        half = len(self.memory) // 2
        first, second = max(self.memory[:half]), max(self.memory[half:])
        self.addDetail('memory', content.text_content(
            '%d requests; most memory in the first half %d MiB, in the '
            'second %d MiB' % (self.sent, first >> 20, second >> 20)))
        self.assertLess(second, MOST_MEMORY)
        self.assertLess(second - first, MOST_GROWTH)

    def exercise(self, operation, mode, count, seed):
        numbers = itertools.count()

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=count, database=None,
            deadline=None, suppress_health_check=list(
                hypothesis.HealthCheck), phases=[hypothesis.Phase.generate])
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            # Now and then the path is made up as well.
            if case.path_parameters and next(numbers) % 4 < 3:
                known = self.world.parameters(operation.path)
                case.path_parameters.update(
                    (name, value) for name, value in known.items()
                    if name in case.path_parameters)
            self.send(case)
        try:
            send()
        except hypothesis.errors.Unsatisfiable:
            # Nothing about such a request can be wrong.
            self.assertEqual(MODES[1], mode)

    def send(self, case):
        answer = case.call(base_url=self.url, session=self.session,
                           timeout=60)
        self.sent += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except failures.FailureGroup as group:
            for failure in group.exceptions:
                self.complaints['%s %s %d: %s' % (
                    case.method, case.operation.path, answer.status_code,
                    str(failure)[:600])] += 1
