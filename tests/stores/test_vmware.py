"""Images in datastores of vCenter."""

from oslotest import base as test_base

from tests.stores import base


class VMwareTest(base.Suite, test_base.BaseTestCase):

    kind = 'vmware'
    part = 64 << 10
