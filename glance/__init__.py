"""OpenStack Image service on a message bus."""

from importlib import metadata

__version__ = metadata.version('glance')
