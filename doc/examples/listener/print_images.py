"""Prints what becomes of images: print_images.py rabbit://..."""

import sys

from oslo_config import cfg
import oslo_messaging


class Printer:

    def info(self, ctxt, publisher_id, event_type, payload, metadata):
        if event_type.startswith('image.'):
            print(event_type, payload.get('id'), flush=True)


listener = oslo_messaging.get_notification_listener(
    oslo_messaging.get_notification_transport(cfg.CONF, sys.argv[1]),
    [oslo_messaging.Target(exchange='glance', topic='notifications')],
    [Printer()], executor='threading', pool='print-images')
listener.start()
listener.wait()
