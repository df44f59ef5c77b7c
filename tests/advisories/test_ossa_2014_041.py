"""OSSA-2014-041, OSSA-2015-002: locations that read files of the server."""

from glance.api import services
from tests.advisories import locations

# What drivers of all kinds take; only some of it is for users.
SCHEMES = ('file', 'filesystem', 'swift+config', 'swift+https+config',
           'cinder', 'sheepdog', 'data', 'ftp', 'os_glance', 'staging', '')
FOR_USERS = {'http', 'https', 'rbd', 's3', 's3+http', 's3+https', 'swift',
             'swift+http', 'swift+https', 'vsphere'}


class TestSchemes(locations.TestCase):

    def check_refused(self, url, **kwargs):
        image_id = self.service.create()['id']
        self.assertEqual(400, self.add(image_id, url, **kwargs), url)
        self.assertEqual([], self.show(image_id)['locations'])

    def test_all_spellings(self):
        # That of another image: a place the store knows as its own.
        self.active(b'secret')
        secret, = self.service.stored_files()
        for scheme in SCHEMES:
            for spelled in (scheme, scheme.upper(), scheme.title(),
                            scheme + ' ', ' ' + scheme):
                for slashes in (':', ':/', '://', ':///', '://localhost/'):
                    self.check_refused(spelled + slashes
                                       + secret.lstrip('/'))

    def test_schemes_of_the_stores_here(self):
        known = services.stores().known_schemes()
        self.assertIn('filesystem', known)
        for scheme in known - FOR_USERS:
            self.check_refused('%s:///etc/passwd' % scheme)

    def test_services_neither(self):
        for url in ('file:///etc/passwd', 'filesystem:///etc/passwd'):
            self.check_refused(url, roles='member,reader,service')
            self.check_refused(url, roles='admin,member,reader')

    def test_users_scheme(self):
        image_id = self.located()
        self.assertEqual(locations.DATA, self.download(image_id))

    def test_a_wrong_case_of_a_good_one(self):
        image_id = self.service.create()['id']
        url = self.url.replace('http', 'FILE', 1)
        self.assertEqual(400, self.add(image_id, url))
