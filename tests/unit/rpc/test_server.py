"""The server's end: threads, logs, what callers of it may rely on."""

import time

import fixtures

from glance.common import concurrency
from glance.common import exceptions
from glance.rpc import local
from glance.rpc import server
from tests.unit.rpc import base
from tests.unit.rpc import endpoints


class LogTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        self.serve_things()
        self.rpc = self.client()

    def call(self, method, **kwargs):
        return self.rpc.call(endpoints.a_context(), 'things', method,
                             **kwargs)

    def test_refusal_is_no_news(self):
        self.assertRaises(exceptions.Conflict, self.call, 'refuse',
                          name='Conflict', message='no')
        self.assertNotIn('Traceback', self.log.output)

    def test_unexpected_error_is_in_the_log_of_the_server(self):
        self.assertRaises(exceptions.GlanceError, self.call, 'break_down')
        self.assertIn('Unexpected error in things.break_down',
                      self.log.output)
        self.assertIn('secret detail', self.log.output)


class WorkerTestCase(base.BusTestCase):

    def test_endpoints_run_in_the_worker(self):
        worker = concurrency.Worker()
        self.addCleanup(worker.stop)
        self.serve_things(worker=worker)
        rpc, ctxt = self.client(), endpoints.a_context()
        there = worker.run(concurrency.native.threading.get_ident)
        self.assertEqual({there}, {rpc.call(ctxt, 'things', 'where')
                                   for _ in range(3)})

    def test_errors_cross_the_worker(self):
        worker = concurrency.Worker()
        self.addCleanup(worker.stop)
        self.serve_things(worker=worker)
        self.assertRaises(exceptions.Duplicate, self.client().call,
                          endpoints.a_context(), 'things', 'refuse',
                          name='Duplicate', message='twice')


class PingTestCase(base.BusTestCase):

    def test_every_server_answers(self):
        self.serve()
        self.assertEqual('pong', self.client().call(endpoints.a_context(),
                                                    'bus', 'ping'))


class ListenTestCase(base.BusTestCase):

    def test_what_is_listened_to(self):
        listened = []
        listen = local.LocalDriver.listen
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.local.LocalDriver.listen',
            lambda driver, target, *args: (
                listened.append(target), listen(driver, target, *args))[1]))
        for fanout in False, True:
            self.serve(fanout=fanout)
        self.serve(service='conductor')
        self.assertEqual(
            [('glance-rpc', 'glance-registry', False),
             ('glance-rpc', 'glance-registry', True),
             ('glance-rpc', 'glance-conductor', False)],
            [(target.exchange, target.topic, bool(target.fanout))
             for target in listened])
        self.assertEqual({server.server_name()},
                         {target.server for target in listened})
        self.assertRegex(server.server_name(), r'.+:\d+$')

    def test_nobody_doubts_what_is_in_one_process(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.self_check.QUIET_AFTER', 0.01))
        sent = []
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.server.Server._send_one',
            lambda _server: sent.append(1)))
        self.serve()
        time.sleep(0.2)
        self.assertEqual([], sent)
