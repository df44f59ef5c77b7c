"""Clients that keep the service busy, each with images of its own."""

import random
import threading
import traceback

from tests.faults import actions
from tests.faults import calls

_MOST_IMAGES = 8
# What is done with an image that has data, and how often.
_WHEELS = (('patch', 5), ('read', 3), ('copy', 2), ('switch', 2), ('tag', 1),
           ('delete', 2))
_WAYS_IN = (('upload', 4), ('web_download', 2), ('glance_direct', 2))


class Client(threading.Thread):
    """:param stopping: event; what is begun is brought to its end"""

    def __init__(self, name, urls, journal, web, seed, stopping, give_up):
        super().__init__(daemon=True, name=name)
        self._journal, self._stopping = journal, stopping
        self._random = random.Random('%s %s' % (seed, name))
        self._actions = actions.Actions(
            calls.Caller(name, 'project-' + name, urls, journal, give_up,
                         self._random.random()),
            journal, web, self._random.random())
        self._images = []

    def run(self):
        while not self._stopping.is_set():
            try:
                self._act()
            except calls.GaveUp as error:
                self._journal.complain(self.name, 'no end of %s' % error)
                return
            except Exception:
                self._journal.complain(self.name, traceback.format_exc())

    def _act(self):
        live = self._images
        if not live or (len(live) < _MOST_IMAGES
                        and self._random.random() < 0.3):
            image = self._actions.create()
            self._do(image, self._spin(_WAYS_IN))
            live.append(image)
            return
        image = self._random.choice(live)
        verb = self._spin(_WHEELS)
        self._do(image, verb)
        if verb == 'delete':
            live.remove(image)

    def _do(self, image, verb):
        self._journal.note(self.name, 'begin ' + verb, image.id)
        getattr(self._actions, verb)(image)

    def _spin(self, wheel):
        verbs, weights = zip(*wheel)
        return self._random.choices(verbs, weights)[0]


class Load:
    """:param count: clients"""

    def __init__(self, count, urls, journal, web, seed):
        self._stopping, self._give_up = threading.Event(), threading.Event()
        self._clients = [
            Client('c%d' % number, urls, journal, web, seed, self._stopping,
                   self._give_up) for number in range(count)]

    def start(self):
        for client in self._clients:
            client.start()

    def stop(self, seconds):
        """Let each client end what it has begun, within a time."""
        self._stopping.set()
        timer = threading.Timer(seconds, self._give_up.set)
        timer.daemon = True
        timer.start()
        for client in self._clients:
            client.join()
        timer.cancel()
