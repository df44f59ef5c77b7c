"""The house rules find what they are made for, and nothing else."""

from oslotest import base
import testscenarios

from glance.hacking import checks

load_tests = testscenarios.load_tests_apply_scenarios


class TestChecks(base.BaseTestCase):

    scenarios = [
        (name, {'check': check, 'line': line, 'path': path, 'found': found})
        for name, check, line, path, found in [
            ('eventlet in a handler', checks.no_eventlet_imports,
             'import eventlet', './glance/api/v2/images.py', True),
            ('part of eventlet', checks.no_eventlet_imports,
             'from eventlet import tpool', 'glance/store/transfer/upload.py',
             True),
            ('eventlet at start-up', checks.no_eventlet_imports,
             'import eventlet', './glance/startup.py', False),
            ('eventlet in a service', checks.no_eventlet_imports,
             'from eventlet import wsgi', 'glance/service/http.py', False),
            ('eventlet in a test', checks.no_eventlet_imports,
             'import eventlet', './tests/unit/test_x.py', False),
            ('another name', checks.no_eventlet_imports,
             'import eventlets', 'glance/api/app.py', False),
            ('assert', checks.no_assert,
             'assert image', './glance/api/v2/images.py', True),
            ('assert with brackets', checks.no_assert,
             'assert(image)', 'glance/db/images.py', True),
            ('assert in a test', checks.no_assert,
             'assert image', './tests/unit/test_x.py', False),
            ('a name like assert', checks.no_assert,
             'assert_valid(image)', 'glance/db/images.py', False),
            ('webob error', checks.no_webob_errors,
             'raise webob.exc.HTTPNotFound()', 'glance/api/app.py', True),
            ('webob import', checks.no_webob_errors,
             'from webob import exc', 'glance/registry/manager.py', True),
            ('webob error at the edge', checks.no_webob_errors,
             'raise webob.exc.HTTPNotFound()', './glance/api/faults.py',
             False),
            ('webob request', checks.no_webob_errors,
             'request = webob.Request(environ)', 'glance/api/app.py', False),
        ]]

    def test_a_rule_finds_only_what_it_should(self):
        found = list(self.check(self.line, self.path))
        self.assertEqual(1 if self.found else 0, len(found))
