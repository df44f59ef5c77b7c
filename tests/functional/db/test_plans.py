"""How MariaDB finds the rows that a change locks: by one index, and few."""

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.durable import stages
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import audits
from glance.db.images import cached_images
from glance.db.images import deletions
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db.images import members
from glance.db.images import quotas
from glance.db import own_schema
from glance.db import purge
from glance.db import schema
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.unit.registry import base

_ROWS = 1600
_CHILDREN = (schema.image_properties, schema.image_tags,
             schema.image_members, schema.image_locations)
# Rows that a statement may look at for the ones that it wants: those of one
# image or task.
_MOST = 50
_ONE = 'image %d' % (_ROWS // 2)
_WHOLE = {'id': _ONE, 'properties': {'p': 'v'}, 'tags': ['t'],
          'locations': [{}]}

_CHANGES = {
    'update': lambda conn: image_writes.update(
        conn, _ONE, {'name': 'n'}, ['active']),
    'lock': lambda conn: image_writes.lock(conn, _ONE),
    'lock all': lambda conn: image_writes.lock_all(
        conn, ['image %d' % one for one in range(10)]),
    'set_properties': lambda conn: image_writes.set_properties(
        conn, _ONE, {'p': 'w'}, {'p': False}),
    'remove_properties': lambda conn: image_writes.remove_properties(
        conn, _ONE, ['p']),
    'remove_tags': lambda conn: image_writes.remove_tags(conn, _ONE, ['t']),
    'set_status': lambda conn: image_writes.set_status(
        conn, _ONE, 'active', 'deactivated'),
    'end_delayed_delete': lambda conn: image_writes.end_delayed_delete(
        conn, _ONE, 'pending_delete', 'deleted'),
    'delete_children': lambda conn: image_writes.delete_children(
        conn, _WHOLE, True, 'deleted'),
    'delete': lambda conn: image_writes.delete(conn, _ONE, 'deleted'),
    'restore': lambda conn: (
        image_writes.delete(conn, _ONE, 'pending_delete'),
        deletions.restore(conn, _ONE)),
    'member': lambda conn: (
        members.update(conn, _ONE, 'm', 'accepted'),
        members.delete(conn, _ONE, 'm'), members.create(conn, _ONE, 'm')),
    'location': lambda conn: (
        locations.replace(conn, 500, 'file:///x', {}, 'active'),
        locations.delete(conn, 500)),
    'audit': lambda conn: (
        audits.note(conn, 500), audits.mark(conn, 500, _ONE, 'size'),
        audits.unmark(conn, 500)),
    'task': lambda conn: (
        tasks.begin(conn, 'task 7'), tasks.end(conn, 'task 7', 'success', 1),
        tasks.set_image(conn, 'task 7', _ONE)),
    'expired tasks': lambda conn: tasks.expire(conn, 10),
    'work': lambda conn: (
        work.claim(conn, 'me', 10, 2), work.cancel(conn, 'work 7'),
        work.make_final(conn, 'work 7'), work.hurry(conn, 'import', _ONE),
        work.drop_untouched(conn, ['work 8', 'work 9'])),
    'staged': lambda conn: (
        stages.take(conn, _ONE), stages.drop(conn, _ONE)),
    'quota': lambda conn: quotas.check(
        conn, 'p', {'image_count_total': 1 << 30}, image_count_total=1),
    'cached': lambda conn: (
        cached_images.add(conn, 1, _ONE, 1, None, 0),
        cached_images.hit(conn, 1, _ONE, 1, 0),
        cached_images.remove(conn, 1, [_ONE]),
        cached_images.remove_queued(conn, 1, [_ONE])),
}


class PlansTest(base.RegistryTestCase):

    def make_database(self):
        return database.Database(database.shared(
            self.useFixture(mariadb.MariaDB())))

    def setUp(self):
        super().setUp()
        with engine.writer() as conn:
            _fill(conn)
        with engine.writer() as conn:
            for name in ('images', 'tasks', 'work', 'cached_images',
                         *(table.name for table in _CHILDREN)):
                conn.exec_driver_sql('ANALYZE TABLE ' + name).all()

    def test_a_change_locks_few_rows(self):
        for name, change in _CHANGES.items():
            with self.subTest(name):
                with engine.get_engine().connect() as conn:
                    self.check(conn, change)
                    conn.rollback()

    def test_a_purge_locks_few_rows(self):
        seen = _Seen()
        with seen.of(engine.get_engine()):
            purge.purge(-1, 10)
            purge.purge_images(-1, 10)
        with engine.reader() as conn:
            self.check_seen(conn, seen)

    def check(self, conn, change):
        seen = _Seen()
        with seen.of(conn):
            change(conn)
        self.assertTrue(seen.locking)
        for step in self.check_seen(conn, seen):
            # What is live is never looked up, alone or beside another key.
            self.assertNotRegex(step.possible_keys or '', r'_deleted\b')

    def check_seen(self, conn, seen):
        """:returns: the steps of all plans"""
        found = []
        for statement, values in seen.locking:
            for step in conn.exec_driver_sql('EXPLAIN ' + statement, values):
                found.append(step)
                self.assertNotEqual('index_merge', step.type, statement)
                if step.select_type in ('SIMPLE', 'PRIMARY') and step.rows:
                    self.assertLessEqual(int(step.rows), _MOST, (
                        statement, dict(step._mapping)))
        return found


class _Seen:
    """The statements that lock what they find.

    :ivar locking: [(text, values)]
    """

    def __init__(self):
        self.locking = []

    def of(self, target):
        return _listening(target, self._note)

    def _note(self, conn, cursor, statement, values, context, is_many):
        verb = statement.split(None, 1)[0]
        if verb in ('UPDATE', 'DELETE') or 'FOR UPDATE' in statement:
            self.locking.append((statement, values[0] if is_many else values))


class _listening:

    def __init__(self, target, function):
        self._event = (target, 'before_cursor_execute', function)

    def __enter__(self):
        sa.event.listen(*self._event)

    def __exit__(self, *args):
        sa.event.remove(*self._event)


def _fill(conn):
    now = timeutils.utcnow()
    ids = ['image %d' % number for number in range(_ROWS)]
    live = {'created_at': now, 'updated_at': now}
    conn.execute(schema.images.insert(), [
        dict(live, id=one, status='active', owner='p', name='n',
             deleted=False)
        for one in ids])
    _fill_children(conn, ids, live)
    conn.execute(schema.tasks.insert(), [
        dict(live, id='task %d' % number, type='import', status='pending',
             owner='p', image_id=one, expires_at=now, deleted=False)
        for number, one in enumerate(ids)])
    conn.execute(own_schema.work.insert(), [
        {'id': 'work %d' % number, 'kind': 'import', 'image_id': one,
         'state': 'waiting', 'input': '{}', 'attempt': 0, 'created_ms': 0,
         'lease_until_ms': number, 'project_id': 'p'}
        for number, one in enumerate(ids)])
    conn.execute(schema.node_reference.insert(), {
        'node_reference_id': 1, 'node_reference_url': 'http://here'})
    conn.execute(schema.cached_images.insert(), [
        {'image_id': one, 'node_reference_id': 1, 'size': 1, 'hits': 0,
         'last_accessed': now, 'last_modified': now} for one in ids])


def _fill_children(conn, ids, live):
    # Where little is live, an index on the mark looks good.
    for table, values in zip(_CHILDREN, (
            {'name': 'p', 'value': 'v'}, {'value': 't'}, {'member': 'm'},
            {'value': 'file:///x', 'meta_data': '{}', 'status': 'active'})):
        conn.execute(table.insert(), [
            dict(live, image_id=one, deleted=bool(number % 100),
                 deleted_at=number % 100 and live['created_at'] or None,
                 **values)
            for number, one in enumerate(ids)])
