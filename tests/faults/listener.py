"""A reader of the notifications, with a journal of its own."""

import json
import threading
import time

import kombu

QUEUE = 'notifications.info'


class Listener(threading.Thread):
    """:param connect: makes a kombu connection
    :ivar events: what was told, each message once, in the order of first
        sight: (event type, payload)
    :ivar repeats: messages that came again
    """

    def __init__(self, connect, path):
        super().__init__(daemon=True, name='listener')
        self._connect = connect
        self._file = open(path, 'w', buffering=1)
        self._stopping = False
        self._seen = set()
        self.events, self.repeats = [], 0
        self.last = time.monotonic()

    def run(self):
        while not self._stopping:
            try:
                self._read()
            except Exception as error:
                # A node is gone, or the queue is not there yet.
                self._file.write('# %s\n' % type(error).__name__)
                time.sleep(0.5)

    def stop(self):
        self._stopping = True
        if self.is_alive():
            self.join()
        self._file.close()

    def is_quiet(self, seconds):
        return time.monotonic() - self.last > seconds

    def _read(self):
        with self._connect() as connection:
            channel = connection.channel()
            channel.queue_declare(QUEUE, passive=True)
            channel.basic_qos(0, 50, False)
            queue = kombu.Queue(QUEUE, no_declare=True)
            with kombu.Consumer(channel, queue, auto_declare=False,
                                callbacks=[self._take]):
                while not self._stopping:
                    self._drain(connection)

    @staticmethod
    def _drain(connection):
        try:
            connection.drain_events(timeout=1)
        except TimeoutError:
            pass
        connection.heartbeat_check()

    def _take(self, body, message):
        event = json.loads(body['oslo.message'])
        self.last = time.monotonic()
        if event['message_id'] in self._seen:
            self.repeats += 1
        else:
            self._seen.add(event['message_id'])
            self.events.append((event['event_type'], event['payload']))
            self._file.write(json.dumps(event) + '\n')
        message.ack()
