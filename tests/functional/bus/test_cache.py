"""The caches of several hosts hear of what one of them is told."""

import threading
import time

from glance.cache import maintainer
from glance.common import exceptions
from glance.rpc import server
from tests.functional.bus import base


class Host:
    """A cache and its maintainer, as far as they are told something."""

    def __init__(self, node):
        self.node = node
        self.dropped = threading.Event()
        self.woken = threading.Event()
        self.endpoint = maintainer.Endpoint(self, self)

    def drop(self, image_id):
        self.dropped.set()

    def wake(self):
        self.woken.set()


class TestAnnouncer(base.RabbitTestCase):

    def setUp(self):
        super().setUp()
        self.hosts = [Host('http://one'), Host('http://two')]
        for host in self.hosts:
            listening = server.make_server('registry', maintainer.TOPIC,
                                           [host.endpoint], fanout=True)
            listening.start()
            self.addCleanup(listening.stop)
        self.announcer = maintainer.Announcer()
        self.addCleanup(self.announcer.close)

    def tell(self, method, *args):
        deadline = time.monotonic() + 10
        while True:
            try:
                getattr(self.announcer, method)(self.ctxt, *args)
                return
            except exceptions.ServiceUnavailable:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)

    def test_every_host_drops_the_image(self):
        self.tell('drop', 'image')
        for host in self.hosts:
            self.assertTrue(host.dropped.wait(10))

    def test_only_the_named_host_looks(self):
        self.tell('look', 'http://two')
        self.assertTrue(self.hosts[1].woken.wait(10))
        self.assertFalse(self.hosts[0].woken.is_set())
