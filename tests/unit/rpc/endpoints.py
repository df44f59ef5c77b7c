"""Endpoints that tests of the bus call."""

import threading

import oslo_messaging

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions


class Things:
    """Answers with what it was asked, fails as it is told."""

    target = oslo_messaging.Target(namespace='things', version='1.2')

    def __init__(self):
        self.contexts = []
        self.calls = []
        self.called = threading.Event()
        self.may_go_on = threading.Event()

    def echo(self, ctxt, value):
        self.contexts.append(ctxt)
        self.calls.append(value)
        concurrency.call_in_hub(self.called.set)
        return value

    def where(self, ctxt):
        return concurrency.native.threading.get_ident()

    def block(self, ctxt):
        self.may_go_on.wait(10)

    def refuse(self, ctxt, name, message):
        raise getattr(exceptions, name)(message)

    def break_down(self, ctxt):
        raise ZeroDivisionError('secret detail')

    def _private(self, ctxt):
        return 'never'


def a_context(**kwargs):
    return context.RequestContext(user_id='u1', project_id='p1',
                                  roles=['member'], **kwargs)
