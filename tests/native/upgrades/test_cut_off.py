"""An upgrade that is killed is finished by the next one."""

import os
import signal
import traceback

from oslotest import base
import sqlalchemy as sa
import testscenarios

from glance.db.connect import engine
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from tests.fixtures import database_shape
from tests.native.upgrades import environment
from tests.native.upgrades import old_databases

_READS = ('SELECT', 'SHOW', 'PRAGMA', 'BEGIN', 'SET ', 'DESCRIBE')


class _Killed(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'engine': name}) for name in old_databases.ENGINES]

    def kill_everywhere(self, step):
        """Kill a sync before its first write, its `step`-th and so on, each
        on what the last one left behind; how often, until one came through.
        """
        writes, kills = 1, 0
        while _sync_in_child(writes):
            writes += step
            kills += 1
        return kills

    def check_shape(self):
        with engine.reader() as connection:
            self.assertIsNone(phases.needed(connection))
            wanted = database_shape.agreed(engine.dialect_name())
            found = database_shape.reflected(connection)
        for table in found.values():
            table['indexes'] = {name: facts for name, facts
                                in table['indexes'].items()
                                if not name.startswith('ix_own_')}
        return database_shape.differences(
            database_shape.without(wanted, 'options'),
            database_shape.without(found, 'options'))


class TestKilledWhileUpgrading(_Killed):

    def test_each_kill_is_recovered_from(self):
        old = self.useFixture(environment.OldService(
            'liberty-11.%s' % self.engine))
        # MariaDB keeps what was done before, the others begin again.
        step = 1 if self.engine == 'mariadb' else 3
        self.assertGreater(self.kill_everywhere(step), 9)
        with engine.reader() as connection:
            self.assertEqual([], old.faults(connection))
            self.assertIsNone(phases.needed(connection))


class TestKilledWhileCreating(_Killed):

    def test_each_kill_is_recovered_from(self):
        database = self.useFixture(old_databases.EmptyDatabase(
            self.engine, 'utf8mb3'))
        self.useFixture(environment.Configured(database.url))
        self.assertGreater(self.kill_everywhere(step=3), 10)
        self.assertEqual([], self.check_shape())


def _sync_in_child(writes):
    """Sync in a child that kills itself before that many writes.

    :returns: whether it was killed
    """
    engine.dispose()
    child = os.fork()
    if child == 0:
        _sync_and_die(writes)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError('the upgrade failed')
    return os.WIFSIGNALED(status)


def _sync_and_die(writes):
    left = writes

    def count(connection, cursor, statement, *args):
        nonlocal left
        if not statement.lstrip().upper().startswith(_READS):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        sa.event.listen(engine.get_engine(), 'before_cursor_execute', count)
        with lock.exclusive() as connection:
            phases.sync(connection)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
