"""Images in datastores of vCenter."""

import os

import fixtures
from oslo_vmware import vim_util
from oslotest import base as test_base

from tests.fixtures.servers import vcenter
from tests.stores import base


class VMwareTest(base.Suite, test_base.BaseTestCase):

    kind = 'vmware'

    def setUp(self):
        # They count for more than the option.
        for name in ('REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'):
            self.useFixture(fixtures.EnvironmentVariable(name))
        super().setUp()

    def options(self):
        self.address = self.useFixture(vcenter.VCenter()).address
        return {'vmware_server_host': self.address,
                'vmware_server_username': vcenter.USER,
                'vmware_server_password': vcenter.PASSWORD,
                'vmware_datastores': vcenter.DATASTORE + ':100',
                'vmware_store_image_dir': '/images',
                'vmware_task_poll_interval': '1',
                'vmware_api_retry_count': '2', 'vmware_insecure': 'true'}

    def left(self):
        """The simulator keeps the files of a datastore in a folder."""
        [datastore] = self.store._datastores()
        session = self.store._store.session
        folder = os.path.join(session.invoke_api(
            vim_util, 'get_object_property', session.vim, datastore.ref,
            'summary').url, 'images')
        return os.listdir(folder) if os.path.isdir(folder) else []
