"""What clients asked for and what they were told, image by image."""

import collections
import json
import threading
import time


class Image:
    """What the service must know of an image, by what it acknowledged.

    :ivar stores: ids of those that must have the data
    :ivar step: value of the property `step`, raised by each patch
    :ivar states: what it was after each update, in order
    :ivar data: bytes, None while it has none
    """

    def __init__(self, image_id, project):
        self.id, self.project = image_id, project
        self.status = None
        self.deleted = False
        self.data = None
        self.stores = set()
        self.step = 0
        self.tags = set()
        self.states = []

    def updated(self):
        """An update was acknowledged."""
        self.states.append((self.step, len(self.tags), self.status))


class Journal:
    """All that happened, in memory and as a file for the one who looks."""

    def __init__(self, path):
        self._file = open(path, 'w', buffering=1)
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self.images = {}
        self.counts = collections.Counter()
        self.odd = []

    def close(self):
        self._file.close()

    def add(self, image):
        with self._lock:
            self.images[image.id] = image

    def note(self, who, what, image_id=None, **more):
        """Write a line that only people read."""
        line = dict(more, who=who, what=what, image=image_id,
                    at=round(time.monotonic() - self._begun, 3))
        with self._lock:
            if not self._file.closed:
                self._file.write(json.dumps(line) + '\n')

    def count(self, name):
        with self._lock:
            self.counts[name] += 1

    def acknowledged(self, who, what, image_id):
        self.count('acknowledged')
        self.count('acknowledged ' + what)
        self.note(who, what, image_id)

    def complain(self, who, text, image_id=None):
        """Something that the service must not have done."""
        with self._lock:
            self.odd.append('%s: image %s: %s' % (who, image_id, text))
        self.note(who, 'odd', image_id, text=text)
