"""Every bad request gets a 4xx with a reason and leaves nothing behind."""

import json

from tests.functional.http import bad_input
from tests.functional.http import base


class TestBadInput(base.TestCase):

    options = {'multi': True, 'image_size_cap': 4000}

    def setUp(self):
        super().setUp()
        self.names = {
            'queued': self.service.create(name='queued')['id'],
            'active': self.service.create(name='active')['id'],
            'private': self.service.create(visibility='private')['id'],
            'protected': self.service.create(protected=True)['id'],
            'qcow2': self.service.create(disk_format='qcow2')['id'],
            'formless': self.service.create(disk_format=None)['id'],
            'alien': self.service.call(
                'POST', '/v2/images', {'visibility': 'private'},
                project='p2').json['id']}
        self.service.upload(self.names['active'], b'0123456789')
        self.service.call('POST', '/v2/images/%s/members'
                          % self.names['queued'], {'member': 'p2'})

    def snapshot(self):
        """Everything that could have changed, apart from time stamps."""
        page = self.service.admin('GET', '/v2/images?visibility=all').json
        for image in page['images']:
            del image['updated_at']
        members = self.service.call('GET', '/v2/images/%s/members'
                                    % self.names['queued']).json
        return page['images'], members, sorted(self.service.stored_files())

    def send(self, verb, path, body, more):
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            more.setdefault('headers', {}).setdefault('Content-Type',
                                                      'application/json')
        if body is not None:
            body = bad_input.fill_in(body, self.names)
        return self.service.call(
            verb, bad_input.fill_in(path, self.names), body,
            headers=more.get('headers'),
            roles=more.get('roles', 'member,reader'),
            **more.get('environ', {}))

    def complaint(self, response, more):
        """What is wrong with the answer, None if nothing is."""
        status = response.status_int
        if not 400 <= status < 500:
            return 'status %d' % status
        if status not in more.get('statuses', [status]):
            return 'status %d: %s' % (status, response.text)
        if not response.body and more.get('no_text'):
            return None
        try:
            message = response.json['message']
        except ValueError:
            return 'no JSON: %s' % response.text
        if not 10 < len(message) < 1000:
            return 'reason %r' % message
        return None

    def test_each_one_is_refused_and_changes_nothing(self):
        before = self.snapshot()
        count, complaints = 0, []
        for title, verb, path, body, more in bad_input.cases():
            count += 1
            response = self.send(verb, path, body, dict(more))
            complaint = self.complaint(response, more)
            if complaint:
                complaints.append('%s: %s' % (title, complaint))
        self.assertEqual([], complaints)
        self.assertEqual(before, self.snapshot())
        # So that nobody empties the table by accident.
        self.assertGreater(count, 300)
