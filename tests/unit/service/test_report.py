"""What a program says of itself when it starts."""

import socket

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.conf import CONF
from glance.conf import database
from glance.service import report


class TestReport(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        database.register_opts(CONF)

    def said(self, prog='glance-api', sockets=()):
        return '\n'.join(report.lines(prog, sockets))

    def test_where_it_listens_and_how_users_are_known(self):
        sock = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(sock.close)
        self.conf.config(group='paste_deploy', flavor='keystone')
        said = self.said(sockets=[sock])
        self.assertIn('Listens on 127.0.0.1 port %d, without TLS'
                      % sock.getsockname()[1], said)
        self.assertIn('Flavor: keystone', said)
        self.assertNotIn('Flavor', self.said())

    def test_no_password_is_told(self):
        self.conf.config(
            transport_url='rabbit://me:secret@h:1,me:secret@i/glance')
        self.conf.config(
            group='database',
            connection='mysql+pymysql://me:secret@db:3306/glance?key=secret')
        said = self.said()
        self.assertIn('The registry: rabbit://h:1,i:5672/glance', said)
        self.assertIn('Database: mysql+pymysql://db:3306/glance\n', said)
        self.assertNotIn('secret', said)

    def test_parts_of_the_same_process(self):
        self.conf.config(transport_url=None)
        self.assertIn('The conductor: in this process', self.said())

    def test_stores_in_both_forms(self):
        self.conf.config(group='glance_store', stores=['file', 'http'],
                         default_store='file')
        self.assertIn('Stores: file, http; by default file', self.said())
        self.conf.config(enabled_backends={'fast': 'file', 'b': 'rbd'})
        self.conf.config(group='glance_store', default_backend='fast')
        self.assertIn('Stores: fast (file), b (rbd); by default fast',
                      self.said())
        self.assertNotIn('Stores', self.said('glance-registry'))
