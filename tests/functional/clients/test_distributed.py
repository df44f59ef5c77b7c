"""Clients and the three programs: RabbitMQ, a server database, Keystone."""

from oslotest import base

from tests.fixtures import deployments
from tests.functional.clients import story


class TestMariaDB(story.ClientStory, story.SharingStory, base.BaseTestCase):

    @classmethod
    def make_deployment(cls):
        return deployments.Distributed('mariadb')


class TestPostgreSQL(story.ClientStory, story.SharingStory,
                     base.BaseTestCase):

    @classmethod
    def make_deployment(cls):
        return deployments.Distributed('postgresql')


class TestUwsgi(story.ClientStory, story.SharingStory, base.BaseTestCase):
    """The API in uWSGI's processes instead of its own."""

    @classmethod
    def make_deployment(cls):
        return deployments.Distributed('mariadb', uwsgi=True)
