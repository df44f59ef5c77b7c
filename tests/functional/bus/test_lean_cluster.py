"""A cluster with quorum queues that loses a node."""

import time

from glance.common import concurrency
from glance.rpc import server
from glance.rpc import transport
from tests.fixtures.servers import rabbitmq_cluster
from tests.functional.bus import base
from tests.unit.rpc import endpoints


class ClusterTestCase(base.RabbitTestCase):

    private = True

    def make_broker(self):
        cluster = rabbitmq_cluster.Cluster()
        self.addCleanup(transport.cleanup)
        return cluster

    def setUp(self):
        super().setUp()
        self.config.config(driver='lean', group='rpc')
        self.config.config(rabbit_quorum_queue=True,
                           group='oslo_messaging_rabbit')
        *servers, last = [node.port for node in self.broker.nodes]
        self.config.config(transport_url=self.broker.url(servers))
        self.things = endpoints.Things()
        one = server.make_server('registry', None, [self.things])
        one.start()
        self.addCleanup(one.wait)
        self.addCleanup(one.stop)
        self.listener = one._server.listener
        self.config.config(transport_url=self.broker.url([last]))
        self.rpc = self.client()
        self.until_served(self.rpc)

    def node_of_the_server(self):
        port = self.listener._keeper.get(
            base.BACK, patiently=True)._sock.getpeername()[1]
        return next(node for node in self.broker.nodes if node.port == port)

    def test_a_caller_hears_of_a_server_that_lost_its_node(self):
        """The answer comes over another one, and is not asked for again."""
        self.config.config(rpc_timeout=8 * base.BACK, group='registry')
        self.addCleanup(self.things.may_go_on.set)
        self.things.block = self.block
        task = concurrency.spawn(self.rpc.call, self.ctxt, 'things', 'block')
        deadline = time.monotonic() + base.BACK
        while not self.things.calls.count('block'):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        node = self.node_of_the_server()
        node.kill()
        while self.node_of_the_server() is node:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.things.may_go_on.set()
        self.assertEqual('done', task.wait(base.BACK))
        self.assertEqual(1, self.things.calls.count('block'))
        self.until_served(self.rpc)
        node.process.start()
        self.until_served(self.rpc)

    def block(self, ctxt):
        self.things.calls.append('block')
        self.things.may_go_on.wait(base.BACK)
        return 'done'
