"""Clients and glance-standalone: one process, nothing else installed."""

from oslotest import base

from tests.fixtures import deployments
from tests.functional.clients import story


class TestStandalone(story.ClientStory, base.BaseTestCase):

    make_deployment = deployments.Standalone
