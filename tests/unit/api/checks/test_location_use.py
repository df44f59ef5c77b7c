"""Tests of what stores are asked before an image is deleted."""

from glance.common import exceptions
from glance.store import backends
from tests.fixtures import fake_registry
from tests.unit.api.v2 import base

_URLS = ('rbd://one', 'rbd://two')


class Store:
    """:ivar error: what `check_unused` raises
    :ivar asked: URLs it was called with
    """

    id, schemes, error = 'ceph', ('rbd',), None

    def __init__(self):
        self.asked = []

    def owns(self, url):
        return url.startswith('rbd://')

    def check_unused(self, url, context=None):
        self.asked.append(url)
        if self.error is not None:
            raise self.error


class TestDelete(base.TestCase):

    def setUp(self):
        super().setUp()
        self.store = Store()
        self.parts = {'stores': backends.Stores([self.store], 'ceph')}
        self.image()

    def image(self, urls=_URLS, status='active', **values):
        self.use(fake_registry.make_image(
            base.IMAGE, status='active', locations=[
                {'id': number, 'url': url, 'metadata': {}, 'status': status}
                for number, url in enumerate(urls)], **values))

    def delete(self, status, asked=(), ctxt=None):
        response = self.call('DELETE', '/images/' + base.IMAGE, ctxt=ctxt)
        self.assertEqual(status, response.status_int, response.text)
        self.assertEqual(list(asked), self.store.asked)
        calls = [name for name, _arguments in self.registry.calls]
        self.assertEqual(status == 204, 'images.delete' in calls)

    def test_an_image_of_unused_data_is_deleted(self):
        self.delete(204, _URLS)

    def test_in_use(self):
        self.store.error = exceptions.InUseByStore()
        self.delete(409, _URLS[:1])

    def test_store_does_not_tell(self):
        for error in (exceptions.StoreUnavailable(), exceptions.NotFound()):
            self.store.asked, self.store.error = [], error
            self.delete(204, _URLS)

    def test_store_of_old(self):
        """It is not configured any more, or the location is another one's."""
        self.image(('gone://one', _URLS[0]))
        self.delete(204, _URLS[:1])

    def test_removal_under_way(self):
        self.image(status='pending_delete')
        self.delete(204)

    def test_no_store_is_asked_of_delayed_deletions(self):
        self.conf.config(delayed_delete=True)
        self.store.error = exceptions.InUseByStore()
        self.delete(204)

    def test_who_may_not_gets_no_answer(self):
        self.delete(403, ctxt=base.caller('p2'))
        self.image(protected=True)
        self.delete(403)
