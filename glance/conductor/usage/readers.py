"""Whose events are understood."""

from glance.conductor.usage import cinder
from glance.conductor.usage import events
from glance.conductor.usage import nova
from glance.objects import usage


def statements(event: events.Event) -> list[usage.Statement]:
    """:returns: what the event says; nothing if nobody understands it"""
    return nova.statements(event) or cinder.statements(event)
