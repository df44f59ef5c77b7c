"""Compares what clients and listener have noted with what is there."""

import collections
import hashlib
import os

LOST, STUCK, ORPHANED, MISSING, WRONG = (
    'lost', 'stuck', 'orphaned', 'missing events', 'wrong')
KINDS = (LOST, STUCK, ORPHANED, MISSING, WRONG)


class Checker:
    """:param shown: function that gives an image as its owner sees it, None
        when there is none
    :param folders: {store id: folder}
    :param staging: folders
    :ivar findings: {kind: [text]}
    """

    def __init__(self, journal, events, database, shown, folders, staging):
        self._images = journal.images
        self._events = events
        self._database = database
        self._shown = shown
        self._folders, self._staging = folders, staging
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
        for store, path in places.items():
            try:
                with open(path, 'rb') as file:
                    data = file.read()
            except OSError as error:
                self._find(LOST, image.id, 'its bytes in %s: %s', store,
                           error.strerror)
                continue
            if data != image.data:
                self._find(LOST, image.id, 'other bytes in %s', store)

    def _check_files(self):
        owned = {path for image_id, places in self._locations.items()
                 if image_id in self._rows for path in places.values()}
        for folder in [*self._folders.values(), *self._staging]:
            for path in files(folder):
                if path not in owned:
                    self.findings[ORPHANED].append(path)

    def _check_quotas(self):
        there = collections.Counter()
        for image_id, row in self._rows.items():
            for path in self._locations.get(image_id, {}).values():
                if os.path.exists(path):
                    there[row.owner] += os.path.getsize(path)
        for project in {image.project for image in self._images.values()}:
            used = self._database.bytes_used(project)
            if used != there[project]:
                self.findings[WRONG].append(
                    'project %s: the quota counts %d bytes, %d are there'
                    % (project, used, there[project]))

    def _check_events(self):
        told = collections.defaultdict(list)
        for event_type, payload in self._events:
            if isinstance(payload, dict) and payload.get('id'):
                told[payload['id']].append((event_type, payload))
        for image in self._images.values():
            if image.status is not None:
                check_story(image, told[image.id], self._find_missing)

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


def files(folder):
    """:returns: the paths of all files below a folder"""
    return [os.path.realpath(os.path.join(parent, name))
            for parent, _folders, names in os.walk(folder) for name in names]
