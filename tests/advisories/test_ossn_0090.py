"""OSSN-0090: whoever could read an image saw and used where its data is.

The policy of deployments that show locations decides who sees them; others
than the owner's project never do by default. No old option lets a user change
what they lead to.
"""

from tests.advisories import base
from tests.advisories import locations
from tests.fixtures import service


class TestHidden(base.TestCase):
    """As deployments are by default."""

    options = {'conductor': False}

    def test_nobody_sees_or_changes_them(self):
        image_id = self.active()
        for send in (self.service.call, self.service.admin):
            image = send('GET', self.path(image_id)).json
            self.assertEqual(set(), {'locations', 'direct_url'} & set(image))
            answer = send('PATCH', self.path(image_id), [
                {'op': 'add', 'path': '/locations/-',
                 'value': {'url': 'http://localhost/', 'metadata': {}}}],
                headers={'Content-Type': service.V21})
            self.assertEqual(403, answer.status_int)


class TestShown(locations.TestCase):

    options = dict(locations.TestCase.options, show_image_direct_url=True)

    def check(self, sees, **kwargs):
        images = [self.show(self.image_id, **kwargs)]
        query = '?visibility=public'
        images += self.service.call('GET', base.IMAGES + query,
                                    **kwargs).json['images']
        self.assertEqual(2, len(images))
        for image in images:
            self.assertEqual(sees, 'direct_url' in image)
            self.assertEqual(sees, bool(image['locations']))

    def test_other_projects(self):
        self.image_id = self.located()
        self.service.patch(self.image_id, [
            {'op': 'replace', 'path': '/visibility', 'value': 'public'}],
            roles='admin,member,reader')
        self.check(False, project=base.STRANGER)
        self.check(True)
        for verb, name, value in (
                ('add', 'locations/-', {'url': self.url, 'metadata': {}}),
                ('replace', 'locations', []),
                ('remove', 'locations/0', None)):
            self.assertEqual(403, self.change(
                self.image_id, verb, name, value, project=base.STRANGER))
