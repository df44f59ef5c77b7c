"""Compares what clients and listener have noted with what is there."""

import collections
import hashlib

LOST, STUCK, ORPHANED, MISSING, WRONG = (
    'lost', 'stuck', 'orphaned', 'missing events', 'wrong')
KINDS = (LOST, STUCK, ORPHANED, MISSING, WRONG)


class Checker:
    """:param shown: function that gives an image as its owner sees it, None
        when there is none
    :param stores: {store id: what `tests.faults.stores` has}
    :param staging: the same, a list
    :ivar findings: {kind: [text]}
    """

    def __init__(self, journal, events, database, shown, stores, staging):
        self._images = journal.images
        self._events = events
        self._database = database
        self._shown = shown
        self._stores, self._staging = stores, staging
        self._rows, self._locations = database.images(), database.locations()
        self.findings = {kind: [] for kind in KINDS}

    def _find(self, kind, image_id, text, *args):
        self.findings[kind].append('image %s: %s' % (image_id, text % args))

    def check(self):
        """:returns: whether nothing was found"""
        self.findings[STUCK] += self._database.unfinished()
        for image in self._images.values():
            self._check_image(image)
        for image_id in set(self._rows) - set(self._images):
            self._find(WRONG, image_id, 'nobody has created it')
        self.findings[WRONG] += self._database.bad_locations()
        self._check_files()
        self._check_quotas()
        self._check_events()
        return not any(self.findings.values())

    def _check_image(self, image):
        found = self._shown(image)
        if image.deleted:
            if found is not None:
                self._find(LOST, image.id, 'its deletion')
            return
        if found is None:
            if image.status is not None:
                self._find(LOST, image.id, 'all of it')
            return
        expected = {'status': image.status, 'tags': sorted(image.tags),
                    'step': str(image.step)}
        if image.data is not None:
            expected.update(
                size=len(image.data),
                checksum=hashlib.md5(image.data,
                                     usedforsecurity=False).hexdigest(),
                os_hash_value=hashlib.sha512(image.data).hexdigest())
        for name, value in expected.items():
            given = found.get(name)
            if (sorted(given) if name == 'tags' else given) != value:
                self._find(LOST, image.id, '%s is %s instead of %s', name,
                           given, value)
        self._check_bytes(image)

    def _check_bytes(self, image):
        places = self._locations.get(image.id, {})
        if set(places) != image.stores:
            self._find(LOST, image.id, 'it is in the stores %s instead of %s',
                       sorted(places), sorted(image.stores))
        for store, url in places.items():
            try:
                data = self._stores[store].read(url)
            except OSError as error:
                self._find(LOST, image.id, 'its bytes in %s: %s', store,
                           error.strerror)
                continue
            if data != image.data:
                self._find(LOST, image.id, 'other bytes in %s', store)

    def _check_files(self):
        """Count what belongs to projects, and find what belongs to nobody."""
        self._there = collections.Counter()
        for store_id, store in self._stores.items():
            owners = {store.name(places[store_id]): self._rows[image_id].owner
                      for image_id, places in self._locations.items()
                      if image_id in self._rows and store_id in places}
            for name, size in store.sizes().items():
                if name in owners:
                    self._there[owners[name]] += size
                else:
                    self.findings[ORPHANED].append(
                        '%s in store %s' % (name, store_id))
        for area in self._staging:
            self.findings[ORPHANED] += [
                '%s in a staging area' % name for name in area.sizes()]

    def _check_quotas(self):
        images = collections.Counter(row.owner for row in self._rows.values())
        for project in {image.project for image in self._images.values()}:
            there = {'image_size_total': self._there[project],
                     'image_count_total': images[project],
                     'image_stage_total': 0, 'image_count_uploading': 0}
            used = self._database.usage(project)
            if used != there:
                self.findings[WRONG].append(
                    'project %s: the quotas count %s, there is %s'
                    % (project, used, there))

    def _check_events(self):
        told = collections.defaultdict(list)
        for event_type, payload in self._events:
            if isinstance(payload, dict) and payload.get('id'):
                told[payload['id']].append((event_type, payload))
        for image in self._images.values():
            if image.status is not None:
                check_story(image, told[image.id], self._find_missing)
        for task_id, status in self._database.tasks().items():
            names = {event_type for event_type, _ in told[task_id]}
            for name in {'task.create', 'task.' + status} - names:
                self.findings[MISSING].append('task %s: %s' % (task_id, name))

    def _find_missing(self, image_id, text, *args):
        self._find(MISSING, image_id, text, *args)


def check_story(image, told, find):
    """Are all events of an image there, in their order?

    Each change of the status names the status before, so a gap or a wrong
    order breaks the chain.
    """
    status = None
    for event_type, payload in told:
        if event_type != 'image.status':
            continue
        if payload['old_status'] != status:
            find(image.id, 'image.status from %s follows that to %s',
                 payload['old_status'], status)
        status = payload['new_status']
    expected = 'deleted' if image.deleted else image.status
    if status != expected:
        find(image.id, 'the last image.status tells of %s instead of %s',
             status, expected)
    for name, wanted in (('image.create', True),
                         ('image.upload', image.data is not None),
                         ('image.activate', image.data is not None),
                         ('image.delete', image.deleted)):
        if wanted and name not in [event_type for event_type, _ in told]:
            find(image.id, '%s', name)
    _check_updates(image, told, find)


def _check_updates(image, told, find):
    """Each update leads to another state, of which one event tells."""
    seen = iter([_state(payload) for event_type, payload in told
                 if event_type == 'image.update'])
    for state in image.states:
        if state not in seen:
            find(image.id, 'image.update to step %d, %d tags, %s', *state)
            return


def _state(payload):
    return (int(_properties(payload).get('step', 0)), len(payload['tags']),
            payload['status'])


def _properties(payload):
    found = payload.get('properties') or {}
    if isinstance(found, list):
        return {one['name']: one['value'] for one in found}
    return found
