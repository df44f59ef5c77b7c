"""Images in use are deleted, or kept, as rules and images say."""

import fixtures

from glance import policy
from tests.fixtures import service
from tests.functional.usage import test_page

PROTECT = 'os_protect_while_used'


class DeletionTestCase(test_page.UsedImageTestCase):

    def forbid(self, rule='role:admin'):
        """By a file of the operator's."""
        path = self.useFixture(fixtures.TempDir()).join('policy.yaml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('"delete_used_image": "%s"' % rule)
        self.service.conf.config(group='oslo_policy', policy_file=path)
        policy.reset()

    def protect(self, value='true', status=200, operation='add', **kwargs):
        answer = self.service.patch(self.image['id'], [
            {'op': operation, 'path': '/' + PROTECT, 'value': value}],
            **kwargs)
        self.assertEqual(status, answer.status_int, answer.text)

    def delete(self, status=204, by=None):
        answer = (by or self.service.call)(
            'DELETE', '/v2/images/' + self.image['id'])
        self.assertEqual(status, answer.status_int, answer.text)
        return answer.text

    def test_by_default_images_in_use_are_deleted(self):
        self.use(1)
        self.delete()

    def test_a_rule_refuses_and_says_by_how_many_it_is_used(self):
        self.forbid()
        self.use(1)
        self.use(2, 'p2')
        self.use(3, 'p2', kind='volume')
        text = self.delete(409)
        self.assertIn('by 1 of its own project and 2 of others', text)
        self.assertNotIn('p2', text)
        self.delete(by=self.service.admin)

    def test_what_is_not_used_any_more_is_deleted(self):
        self.forbid()
        self.use(1)
        self.delete(409)
        self.use(1, at_ms=self.begin + 5000, is_gone=True)
        self.delete()

    def test_nova_removes_the_snapshot_of_a_shelved_server(self):
        self.forbid('!')
        self.protect()
        self.use(1, kind='shelved')
        self.delete()

    def test_an_image_is_kept_from_everybody(self):
        self.protect()
        self.use(1)
        self.delete(409)
        self.delete(409, by=self.service.admin)
        self.protect('false', operation='replace')
        self.delete()

    def test_it_is_kept_no_more_without_the_property(self):
        self.protect()
        self.use(1)
        answer = self.service.patch(self.image['id'], [
            {'op': 'remove', 'path': '/' + PROTECT}])
        self.assertEqual(200, answer.status_int, answer.text)
        self.delete()

    def test_other_values_are_refused(self):
        for value in ('yes', 'True', '', True, None, []):
            for media_type in (service.V21, service.V20):
                self.protect(value, 400, media_type=media_type)
        self.assertEqual(400, self.service.call(
            'POST', '/v2/images', {PROTECT: 'yes'}).status_int)

    def test_an_image_is_made_with_it(self):
        self.assertEqual('true', self.service.create(
            **{PROTECT: 'true'})[PROTECT])

    def test_clients_take_it_for_no_property_to_copy(self):
        """Nova gives properties of an image to snapshots of its servers."""
        known = self.service.call('GET', '/v2/schemas/image').json
        self.assertNotIn('is_base', known['properties'][PROTECT])

    def test_who_may_not_delete_is_told_nothing(self):
        self.forbid()
        self.use(1)
        text = self.service.call('DELETE', '/v2/images/' + self.image['id'],
                                 project='p2')
        self.assertEqual(403, text.status_int)
        self.assertNotIn('in use', text.text)

    def test_nobody_is_asked_without_the_option(self):
        self.forbid('!')
        self.protect()
        self.use(1)
        self.enable(False)
        self.delete()
