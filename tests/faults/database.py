"""The database as the checker sees it: past the service."""

import json

import sqlalchemy as sa

from glance.db.images import quotas
from glance.db import own_schema
from glance.db import schema

# Where images are for a while only; a lease or a task ends each of them.
TRANSITIONAL = ('saving', 'uploading', 'importing', 'pending_delete')


class Database:

    def __init__(self, url):
        self._engine = sa.create_engine(url, pool_pre_ping=True)

    def close(self):
        self._engine.dispose()

    def _all(self, statement):
        with self._engine.connect() as conn:
            return conn.execute(statement).all()

    def _told(self, text, statement):
        return [text % tuple(row) for row in self._all(statement)]

    def unfinished(self):
        """What has to come to an end by itself: [text]"""
        images, work = schema.images, own_schema.work
        found = self._told('image %s is %s', sa.select(
            images.c.id, images.c.status).where(
                images.c.deleted == sa.false(),
                images.c.status.in_(TRANSITIONAL)))
        found += self._told('work %s (%s) of image %s: %s', sa.select(
            work.c.id, work.c.kind, work.c.image_id, work.c.last_error))
        tasks = schema.tasks
        found += self._told('task %s is %s', sa.select(
            tasks.c.id, tasks.c.status).where(
                tasks.c.deleted == sa.false(),
                tasks.c.status.in_(('pending', 'processing'))))
        events = self._all(sa.select(sa.func.count()).select_from(
            own_schema.outbox))[0][0]
        if events:
            found.append('%d events wait' % events)
        return found

    def images(self):
        """:returns: {image id: row} of those that are not deleted"""
        images = schema.images
        return {row.id: row for row in self._all(
            sa.select(images).where(images.c.deleted == sa.false()))}

    def locations(self):
        """:returns: {image id: {store id: URL}} of live locations"""
        table, found = schema.image_locations, {}
        for row in self._all(sa.select(table).where(
                table.c.deleted == sa.false())):
            store = json.loads(row.meta_data).get('store')
            found.setdefault(row.image_id, {})[store] = row.value
        return found

    def tasks(self):
        """:returns: {task id: status}"""
        table = schema.tasks
        return dict(tuple(row) for row in self._all(
            sa.select(table.c.id, table.c.status)
            .where(table.c.deleted == sa.false())))

    def bad_locations(self):
        """Data that was judged to be bad: [text]; none is made bad here."""
        bad = own_schema.bad_locations
        return self._told('data of image %s was called %s',
                          sa.select(bad.c.image_id, bad.c.reason))

    def usage(self, project):
        """What the quotas count for a project."""
        with self._engine.connect() as conn:
            return quotas.usage(conn, project)
