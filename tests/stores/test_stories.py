"""The same story of images below the whole service, for each kind of store.

Beside the store of the kind is one of files, to copy from and to.
"""

import hashlib
import os

from oslotest import base as test_base
import requests

from tests.stores import base
from tests.stores import damage
from tests.stores import kinds
from tests.stores import test_healing

DATA = os.urandom(7 * base.MIB + 3)
# Across the end of a part, of a chunk and of a segment.
RANGE = slice(5 * base.MIB - 50, 5 * base.MIB + 50)
_RAW = {'Content-Type': 'application/octet-stream'}


class Story:
    """A test case says what `kind` of store.

    :cvar removed: how the service may answer who removes data that the audit
        may be reading
    """

    kind = None
    removed = (204,)

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(test_healing.Service(
            {'fast': 'file', 'one': self.kind}))
        self.image_id = self.service.create()

    def path(self, end='', before=''):
        return '%s/images/%s%s' % (before, self.image_id, end)

    def upload(self):
        self.service.call('PUT', self.path('/file'), 204, data=DATA,
                          headers=dict(_RAW, **{'X-Image-Meta-Store': 'one'}))

    def copy(self, store):
        self.service.import_(self.image_id, {'name': 'copy-image'}, [store])

    def check(self, *stores):
        image = self.service.image(self.image_id)
        self.assertEqual(
            ('active', sorted(stores), len(DATA)),
            (image['status'], sorted(image['stores'].split(',')),
             image['size']))
        self.assertEqual(set(stores), set(self.service.find([self.image_id])))
        for store in stores:
            data = self.service.data(self.image_id, store)
            # Without printing megabytes when it fails.
            self.assertEqual(*(hashlib.md5(one).digest()
                               for one in (DATA, data)), store)
            self.assertEqual(DATA[RANGE], self.service.data(
                self.image_id, store, Range='bytes=%d-%d' % (
                    RANGE.start, RANGE.stop - 1)), store)

    def remove(self, store):
        answer = requests.delete('%s/v2/stores/%s/%s' % (
            self.service.url, store, self.image_id), timeout=120)
        self.assertIn(answer.status_code,
                      self.removed if store == 'one' else Story.removed)
        base.wait_until(lambda: not self.names(store), 'an empty store')

    def names(self, store):
        return self.service.find([self.image_id]).get(store, [])

    def test_data_comes_and_goes(self):
        """Upload, copies to files and from there, removal."""
        self.upload()
        self.check('one')
        self.copy('fast')
        self.check('fast', 'one')
        self.remove('one')
        self.check('fast')
        self.copy('one')
        self.check('fast', 'one')
        self.remove('fast')
        self.check('one')
        self.service.call('DELETE', self.path(), 204)
        self.service.wait_gone(self.image_id)

    def test_staged_data_is_imported(self):
        self.service.call('PUT', self.path('/stage'), 204, data=DATA,
                          headers=_RAW)
        self.service.import_(self.image_id, {'name': 'glance-direct'},
                             ['one', 'fast'])
        self.check('fast', 'one')

    def test_damaged_data_is_healed(self):
        """The audit reads a bit that has flipped; a good copy takes over."""
        self.upload()
        self.copy('fast')
        store = self.service.stores.get('one')
        bad = kinds.marks(store, self.image_id)
        damage.flip(store, self.names('one'))
        base.wait_until(
            lambda: not bad & kinds.marks(store, self.image_id),
            'healing', 120)
        self.check('fast', 'one')


class FileStoryTest(Story, test_base.BaseTestCase):
    kind = 'file'


class S3StoryTest(Story, test_base.BaseTestCase):
    kind = 's3'


class SwiftStoryTest(Story, test_base.BaseTestCase):
    kind = 'swift'


class RbdStoryTest(Story, test_base.BaseTestCase):
    kind = 'rbd'


class CinderStoryTest(Story, test_base.BaseTestCase):
    """Cinder keeps what is being read; a conductor removes it later."""

    kind = 'cinder'
    removed = (204, 503)


class VMwareStoryTest(Story, test_base.BaseTestCase):
    kind = 'vmware'


class GridfsStoryTest(Story, test_base.BaseTestCase):
    kind = 'gridfs'


class SheepdogStoryTest(Story, test_base.BaseTestCase):
    kind = 'sheepdog'
