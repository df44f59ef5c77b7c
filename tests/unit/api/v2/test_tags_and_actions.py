"""Tests of the handlers of tags and of deactivate and reactivate."""

from tests.unit.api.v2 import base


class TestTags(base.TestCase):

    def test_update_and_delete(self):
        path = '/images/%s/tags/a%%20b' % base.IMAGE
        for verb, call in (('PUT', ('images.add_tag',
                                    (base.IMAGE, 'a b', 128))),
                           ('DELETE', ('images.remove_tag',
                                       (base.IMAGE, 'a b')))):
            response = self.call(verb, path)
            self.assertEqual((204, b''), (response.status_int, response.body))
            self.assertEqual(call, self.registry.calls[-1])

    def test_bad_tags(self):
        for tag in ('t' * 256, '%F0%9F%98%80', '%00', '%FF'):
            response = self.call('PUT', '/images/%s/tags/%s'
                                 % (base.IMAGE, tag))
            self.assertEqual(400, response.status_int)
        self.assertEqual([], self.registry.calls)

    def test_strangers_may_not_add_a_tag(self):
        response = self.call('PUT', '/images/%s/tags/a' % base.IMAGE,
                             ctxt=base.caller('p2'))
        self.assertEqual(403, response.status_int)


class TestActions(base.TestCase):

    def test_only_the_owner_acts_and_without_a_body(self):
        for name in ('deactivate', 'reactivate'):
            path = '/images/%s/actions/%s' % (base.IMAGE, name)
            self.assertEqual(204, self.call('POST', path).status_int)
            self.assertEqual(('images.' + name, (base.IMAGE,)),
                             self.registry.calls[-1])
            self.assertEqual(400, self.call('POST', path, {}).status_int)
            self.assertEqual(403, self.call(
                'POST', path, ctxt=base.caller('p2')).status_int)
