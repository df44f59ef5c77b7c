"""What is asked for again, or taken over, is what there was before."""

import os

from glance.api import app
from tests.functional.imports import base

DATA = os.urandom(100000)
PROTECTIONS = """
[x_secret]
create = keeper
read = keeper
update = keeper
delete = keeper
[.*]
create = @
read = @
update = @
delete = @
"""


class TestRetry(base.TestCase):

    def retried(self, **how):
        """:returns: an import that has failed and succeeds the second time
        """
        image_id = self.service.create()['id']
        answer = self.web_import(image_id, 'late', **how)
        self.assertEqual(202, answer.status_int, answer.text)
        task = self.ended(image_id)
        self.assertEqual('failure', task['status'])
        self.web.add('late', DATA)
        answer = self.service.call(
            'POST', '/v2/tasks/%s/actions/retry' % task['id'])
        self.assertEqual(202, answer.status_int, answer.text)
        self.assertEqual('success', self.ended(image_id)['status'])
        return self.image(image_id)

    def test_store_of_the_header(self):
        self.assertEqual('cold', self.retried(
            headers={'X-Image-Meta-Store': 'cold'})['stores'])

    def test_stores_of_the_body(self):
        self.assertEqual('cold,fast', self.retried(
            stores=['cold', 'fast'])['stores'])

    def test_all_stores(self):
        self.assertEqual('fast,cold', self.retried(
            all_stores=True)['stores'])

    def test_default_of_that_time(self):
        self.assertEqual('fast', self.retried()['stores'])


class TestProtected(base.TestCase):
    """A clone has what its maker may read of the original."""

    def setUp(self):
        super().setUp()
        path = os.path.join(self.service.state, 'protections.conf')
        with open(path, 'w') as file:
            file.write(PROTECTIONS)
        self.service.conf.config(property_protection_file=path)
        self.service.wsgi = app.load()
        self.image_id = self.service.create(x_free='1')['id']
        answer = self.service.patch(
            self.image_id, [{'op': 'add', 'path': '/x_secret',
                             'value': '1'}], project='p0',
            roles='admin,member,keeper')
        self.assertEqual(200, answer.status_int, answer.text)
        self.service.upload(self.image_id, DATA)

    def test_a_clone_has_only_what_its_maker_sees(self):
        answer = self.service.admin('POST', '/v2/tasks', {
            'type': 'clone', 'input': {'image_id': self.image_id}})
        self.assertEqual(201, answer.status_int, answer.text)
        path = '/v2/tasks/' + answer.json['id']
        self.wait_until(lambda: self.service.admin('GET', path).json['status']
                        == 'success')
        clone = self.service.call(
            'GET', '/v2/images/' + self.service.admin(
                'GET', path).json['image_id'], project='p0',
            roles='admin,member,keeper').json
        self.assertEqual('1', clone['x_free'])
        self.assertNotIn('x_secret', clone)


class TestOneStore(base.TestCase):

    multi = False

    def test_copy_to_where_it_is(self):
        image_id = self.service.create()['id']
        self.service.upload(image_id, DATA)
        for more in ({}, {'all_stores': True}, {'stores': ['fast']}):
            answer = self.import_(image_id, {'name': 'copy-image'},
                                  admin=True, **more)
            self.assertEqual(400, answer.status_int, answer.text)
        self.assertEqual([], self.tasks(image_id))
        self.assertEqual(1, len(self.service.stored_files()))
