"""What goes over the wire to MariaDB for each call, by the log of the server.

The counts are exact: who sends a message more, or one less, changes them and
the documentation. Pings are not in that log.
"""

import collections

from glance.db.connect import engine
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.unit.registry import base


def _kind(row):
    command, text = row
    return text.split(None, 1)[0] if command == 'Query' else command


class WireTest(base.RegistryTestCase):
    """Each call has an id, as those over the bus have."""

    def make_database(self):
        self.server = self.useFixture(mariadb.MariaDB())
        return database.Database(database.shared(self.server))

    def setUp(self):
        super().setUp()
        self.config.config(driver=[], group='oslo_messaging_notifications')
        self.calls = 0
        self.image_id = self.create(tags=['t'], properties={'a': 'b'})['id']
        self.server._execute("SET GLOBAL log_output = 'TABLE'")

    def sent(self, function, *args, **kwargs):
        """:returns: {kind of message: how many}"""
        self.calls += 1
        self.owner.call_id = 'call %d' % self.calls
        self.server._execute('TRUNCATE mysql.general_log')
        self.server._execute('SET GLOBAL general_log = ON')
        try:
            function(*args, **kwargs)
        finally:
            self.server._execute('SET GLOBAL general_log = OFF')
        return collections.Counter(map(_kind, self.logged()))

    def logged(self):
        """What the connections to this database have sent."""
        with self.server._connect() as other, other.cursor() as cursor:
            cursor.execute(
                'SELECT command_type, CONVERT(argument USING utf8mb4) '
                "FROM mysql.general_log WHERE command_type != 'Connect' AND "
                'thread_id IN (SELECT id FROM information_schema.processlist '
                'WHERE db = %s)', engine.get_engine().url.database)
            return cursor.fetchall()

    def check(self, expected, function, *args, **kwargs):
        self.assertEqual(expected, self.sent(function, *args, **kwargs))

    def test_a_read_is_one_message(self):
        self.check({'SELECT': 1}, self.get, self.owner, self.image_id)
        self.check({'SELECT': 1}, self.list, self.owner)

    def test_a_write_is_one_transaction(self):
        self.check({'BEGIN': 1, 'SELECT': 1, 'INSERT': 4, 'COMMIT': 1},
                   self.create, tags=['t', 'u'],
                   properties={'a': 'b', 'c': 'd'})
        self.check({'BEGIN': 1, 'UPDATE': 1, 'SELECT': 1, 'INSERT': 1,
                    'COMMIT': 1}, self.change, attributes={'name': 'n'})
        self.check({'BEGIN': 1, 'UPDATE': 1, 'SELECT': 2, 'INSERT': 2,
                    'COMMIT': 1}, self.change, set_properties={'c': 'd'})

    def change(self, **changes):
        self.images.update(self.owner, image_id=self.image_id,
                           changes=changes)

    def test_what_fails_is_rolled_back(self):
        self.check({'BEGIN': 1, 'UPDATE': 1, 'SELECT': 2, 'ROLLBACK': 1},
                   self.assertRaises, Exception, self.change,
                   set_properties={'a': 'c'}, must_not_exist=['a'])

    def test_what_a_deletion_sends(self):
        self.check({'BEGIN': 1, 'SELECT': 2, 'UPDATE': 3, 'INSERT': 1,
                    'COMMIT': 1}, self.images.delete, self.owner,
                   image_id=self.image_id)

    def test_a_connection_that_was_ended_is_replaced(self):
        for function in (self.get, self.owner), (self.rename,):
            self.end_connections()
            function[0](*function[1:], self.image_id)

    def end_connections(self):
        """The server ends them, and nobody has looked at them since."""
        with engine.reader() as conn:
            number = conn.exec_driver_sql('SELECT CONNECTION_ID()').scalar()
        self.server._execute('KILL %d' % number)

    def rename(self, image_id):
        self.change(attributes={'name': 'other'})
        self.assertEqual('other', self.get(self.owner, image_id)['name'])
