"""URLs of locations, and what each kind of store takes them for.

A URL is accepted when the writer of the store makes it, or when one of an
older release has made it; then it is of the same place as the one of today.
There is no third case, whatever the text is.
"""

import os
import re
from unittest import mock
import urllib.parse
import uuid

import hypothesis
from hypothesis import strategies
from oslotest import base

from glance.common import exceptions
from tests.unit.store import offline

FSID = offline.FSID
IMAGE = '6ba7b810-9dad-41d1-80b4-00c04fd430c8'
WORK = 'c56a4180-65aa-42ec-a945-5fd21dec0538'
VICTIM = '00000000-0000-4000-8000-000000000001'
# Whose data has no name of an image.
NAMELESS = ('cinder', 'http')
LONG = hypothesis.settings(
    max_examples=200, deadline=None, database=None,
    suppress_health_check=list(hypothesis.HealthCheck))

ids = strategies.uuids().map(str)
names = strategies.one_of(
    ids, strategies.tuples(ids, ids).map('-'.join),
    strategies.tuples(ids, ids, strategies.integers(1, 99)).map(
        lambda one: '%s-%s-store-%d' % one))
# What somebody may put into a URL who wants it to lead elsewhere.
scraps = strategies.one_of(
    strategies.sampled_from(
        ['/', '//', '.', '..', '/../', '/./', '?', '#', '%2F', '%2e%2e', '%00',
         '%23', '@', ':', 'user:pass@', '\\', ' ', '\t', '\n', '\0', ';', '&',
         '&x=/' + IMAGE, '#/' + IMAGE, '?/' + IMAGE, '/' + IMAGE, '-backup',
         VICTIM, '/snap', '+', '~', '-00001', '\u2024', '\uff0f', '\u0131',
         'http://', 'S', ':443', '.part', '[::1]', '']),
    strategies.text(max_size=3))


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.fixture = self.useFixture(offline.Stores())
        self.stores = {one.id: one for one in self.fixture.all}
        self.stores['rbd']._fsid = FSID
        self.writers = {
            'file': lambda name: 'file://%s/images/%s' % (
                self.fixture.root, name),
            's3': lambda name: 's3+https://s3.host:9000/images/' + name,
            'rbd': lambda name: 'rbd://%s/images/%s/snap' % (
                FSID, urllib.parse.quote(name, '')),
            'cinder': lambda name: 'cinder://cinder/' + name,
            'sheepdog': lambda name: 'sheepdog://10.0.0.7:7000:' + name,
            'gridfs': lambda name: 'gridfs://' + name,
            'vmware': lambda name: (
                'vsphere://vcenter/folder/openstack/images/%s'
                '?dsName=Disk&dcPath=%%2FDC+0' % name),
            'swift': lambda name: (
                'swift+http://service%%3Aglance:secret@keystone:5000/v3/'
                'images/%s' % name),
            'accounts': lambda name: 'swift+config://ref1/images_%s/%s' % (
                name[:2].lower(), name),
            'tenants': lambda name: (
                'swift+https://swift:8080/v1/AUTH_p/images_%s/%s' % (
                    name, name))}

    def refuse(self, kind, url):
        self.assertRaises(exceptions.BadLocation, self.stores[kind].place,
                          url)
        self.assertFalse(self.stores[kind].owns(url))


class TestWritten(TestCase):
    """What writers make is read back, of all kinds."""

    def test_as_the_drivers_make_it(self):
        s3, rbd, vmware = (self.stores[kind] for kind in
                           ('s3', 'rbd', 'vmware'))
        center = vmware._store._get_datastore()
        center.name, center.datacenter.path = 'Disk', '/DC 0'
        swift, accounts = (self.stores[kind] for kind in ('swift',
                                                          'accounts'))
        self.assertEqual(
            [self.writers[kind](IMAGE) for kind in
             ('s3', 'rbd', 'vmware', 'swift', 'accounts', 'sheepdog')],
            [s3._written(IMAGE).url, rbd._url(FSID, IMAGE),
             vmware._file(center, IMAGE).get_uri(),
             swift._url(swift._store.create_location(IMAGE), IMAGE),
             accounts._url(accounts._store.create_location(IMAGE), IMAGE),
             self.stores['sheepdog'].url(IMAGE)])

    @LONG
    @hypothesis.given(name=names)
    def test_round_trip(self, name):
        for kind, write in self.writers.items():
            if kind == 'cinder':
                name = name[:36]
            place = self.stores[kind].place(write(name))
            self.assertEqual((write(name), name), (place.url, place.name))
            if kind not in ('cinder', 'file'):
                self.assertEqual((name[:36], name[37:] or None),
                                 (place.image_id, place.attempt))

    def test_names_in_results(self):
        """Of exported objects: of one attempt and of no other one."""
        for kind, write in self.writers.items():
            if kind not in ('file', 'tenants'):
                store, name = self.stores[kind], '%s-%s' % (IMAGE, WORK)
                if kind == 'cinder':
                    name = WORK
                self.assertEqual(name, store.place(write(name)).name)
                self.assertIn(name, store.names(write(name)))
                self.assertNotIn(store.place(write(name)).name,
                                 store.names(write(VICTIM)))
                # as former releases have called it
                self.assertIn(write(name).rpartition('/')[2],
                              store.names(write(name)))

    def test_file_with_its_attempt(self):
        url = self.writers['file']('%s.%s' % (IMAGE, WORK))
        place = self.stores['file'].place(url)
        self.assertEqual((IMAGE, WORK), (place.image_id, place.attempt))

    def test_address_with_colons(self):
        store = self.stores['sheepdog']
        self.patch(store, '_daemon', ('fd00::7', '7000'))
        url = 'sheepdog://fd00::7:7000:' + IMAGE
        self.assertEqual((url, url, IMAGE), (
            store.url(IMAGE), store.place(url).url, store.place(url).name))
        for wrong in 'sheepdog://fd00:7:7000:%s', 'sheepdog://:7:7000:%s':
            self.refuse('sheepdog', wrong % IMAGE)

    def test_ids_that_users_chose(self):
        for kind in set(self.writers) - {*NAMELESS}:
            place = self.stores[kind].place(
                self.writers[kind](IMAGE.upper()))
            self.assertEqual(IMAGE.upper(), place.image_id)

    def test_names_that_services_chose(self):
        for kind in set(self.writers) - {*NAMELESS, 'accounts'}:
            place = self.stores[kind].place(self.writers[kind]('golden.raw'))
            self.assertIsNone(place.image_id)


class TestAnything(TestCase):
    """Whatever the text is, it is a URL that writers make, or refused."""

    def check(self, url):
        for kind, write in self.writers.items():
            try:
                place = self.stores[kind].place(url)
            except exceptions.BadLocation:
                self.assertFalse(self.stores[kind].owns(url))
                continue
            self.check_place(kind, write, url, place)

    def check_place(self, kind, write, url, place):
        self.assertRegex(place.name, r'\A[A-Za-z0-9_][A-Za-z0-9_.~-]*\Z')
        if place.url != url:
            self.assertTrue(self.is_old(kind, url, place), url)
        elif kind == 'tenants':
            self.assertRegex(url, r'\Aswift\+https?://[a-z0-9A-Z.:_~/\[\]-]+'
                                  r'/images_(%s)/\1\Z'
                             % re.escape(place.name))
        elif kind == 'accounts':
            self.assertEqual('swift+config://%s/%s/%s' % (
                *place.container, place.name), url)
        else:
            self.assertEqual(write(place.name), url)

    def is_old(self, kind, url, place):
        """:returns: whether an older release has made it; of these there are
            few shapes, each with the same place behind it
        """
        own = self.stores[kind]
        if place.url is not None:
            self.assertEqual(place, own.place(place.url))
        shapes = {
            'file': 'filesystem://' + url.partition('://')[2],
            's3': '%s://%ss3.host:9000/images/%s' % (
                url.partition('://')[0],
                url[url.find('://') + 3:url.rfind('@') + 1], place.name),
            'rbd': 'rbd://' + place.name,
            'cinder': 'cinder://' + place.name,
            'sheepdog': 'sheepdog://' + place.name,
            'vmware': (place.url or '?').partition('?')[0]
            + '?dcPath=%2FDC+0&dsName=Disk'}
        return kind in ('swift', 'accounts', 'tenants') or (
            url == shapes[kind])

    @LONG
    @hypothesis.given(data=strategies.data(), name=names)
    def test_a_changed_url_is_ours_or_refused(self, data, name):
        """Something is put in, at one place or two, or in the stead."""
        kind = data.draw(strategies.sampled_from(sorted(self.writers)))
        url = self.writers[kind](name)
        for _time in range(data.draw(strategies.integers(1, 2))):
            start = data.draw(strategies.integers(0, len(url)))
            end = start + data.draw(strategies.sampled_from([0, 0, 1, 5]))
            url = url[:start] + data.draw(scraps) + url[end:]
        self.check(url)

    @LONG
    @hypothesis.given(url=strategies.lists(strategies.one_of(
        scraps, names, strategies.sampled_from(
            ['s3://', 's3+https://', 'rbd://', 'file://', 'vsphere://',
             'swift://', 'swift+config://', 'cinder://', 'gridfs://',
             's3.host:9000', 'user:secret@mongo', 'sheepdog://',
             '10.0.0.7:7000:',
             'images', FSID, 'vcenter', 'folder', 'openstack', 'ref1']))).map(
                 ''.join))
    def test_made_up(self, url):
        self.check(url)


class TestRefused(TestCase):

    def test_where_it_seems_to_be_the_own_image(self):
        """Each names the image as one of its segments."""
        for kind, url in (
                ('s3', 's3+https://s3.host:9000/images/%s/other/key'),
                ('s3', 's3+https://s3.host:9000/images/' + VICTIM + '#/%s'),
                ('s3', 's3+https://s3.host:9000/images/' + VICTIM + '?/%s'),
                ('s3', 's3+https://s3.host:9000/images-backup/%s'),
                ('s3', 's3+https://s3.host:9000.evil/images/%s'),
                ('s3', 's3+https://s3.host/images/%s'),
                ('s3', 's3+https://evil@s3.host:9000/images/%s'),
                ('s3', 'S3+https://s3.host:9000/images/%s'),
                ('s3', 's3+https://s3.host:9000/images/./%s'),
                ('s3', 's3+https://s3.host:9000//images/%s'),
                ('s3', 's3+https://s3.host:9000/images/%s/'),
                ('s3', 's3+https://s3.host:9000/images/%s%%2Fx'),
                ('s3', 's3+https://s3.host:9000/images/%s\0'),
                ('s3', 's3+https://s3.host:9000/images/%s\n'),
                ('vmware', 'vsphere://vcenter/folder/openstack/images/../../'
                 'vm1/vm1-flat.vmdk?dsName=Disk&dcPath=%%2FDC+0&x=/%s'),
                ('vmware', 'vsphere://vcenter/folder/openstack/images/%s'
                 '?dsName=Disk&dcPath=%%2FDC+0&dsName=Other'),
                ('vmware', 'vsphere://vcenter/folder/openstack/images/%s'
                 '?dsName=Other&dcPath=%%2FDC+0'),
                ('vmware', 'vsphere://vcenter/folder/openstack/images/%s'),
                ('vmware', 'vsphere://other/folder/openstack/images/%s'
                 '?dsName=Disk&dcPath=%%2FDC+0'),
                ('rbd', 'rbd://%s/images/' + VICTIM + '/snap/%s'),
                ('rbd', 'rbd://' + FSID + '/volumes/%s/snap'),
                ('rbd', 'rbd://' + FSID + '/images/%s/other'),
                ('rbd', 'rbd://' + FSID + '/images/' + VICTIM + '/%s'),
                ('rbd', 'rbd://' + FSID + '/images/%s/snap?'),
                ('rbd', 'rbd://' + FSID + '/image%%73/%s/snap'),
                ('sheepdog', 'sheepdog://10.0.0.7:7001:%s'),
                ('sheepdog', 'sheepdog://10.0.0.77:7000:%s'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:x:%s'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:-%s'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:%s;id'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:$(%s)'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:%s/x'),
                ('sheepdog', 'sheepdog://10.0.0.7:07000:%s'),
                ('sheepdog', 'sheepdog://10.0.0.7:%s'),
                ('sheepdog', 'sheepdog://--help'), ('sheepdog', '%s'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:'),
                ('sheepdog', 'sheepdog:%s'), ('sheepdog', 'Sheepdog://%s'),
                ('cinder', 'cinder://other/%s'),
                ('cinder', 'cinder://cinder/x/%s'),
                ('cinder', 'cinder://' + VICTIM + '/%s'),
                ('gridfs', 'gridfs://mongo/images/%s'),
                ('gridfs', 'gridfs://user:secret@mongo/%s'),
                ('gridfs', 'gridfs:///%s'),
                ('gridfs', 'gridfs://' + VICTIM + '/%s'),
                ('gridfs', 'gridfs://' + VICTIM + '?%s'),
                ('gridfs', 'gridfs://%s/'), ('gridfs', 'gridfs://%s?db=x'),
                ('gridfs', 'gridfs://%s#x'), ('gridfs', 'GridFS://%s'),
                ('gridfs', 'gridfs://.%s'), ('gridfs', 'mongodb://mongo/%s'),
                ('swift', 'swift+http://keystone:5000/v3/images/%s'),
                ('swift', 'swift+http://other:key@keystone:5000/v3/images/%s'),
                ('swift', 'swift+http://service%%3Aglance:secret@evil:5000/v3/'
                 'images/%s'),
                ('swift', 'swift+http://service%%3Aglance:secret@keystone:5000'
                 '/v3/images_2/%s/x'),
                ('accounts', 'swift+config://ref3/images/%s'),
                ('accounts', 'swift+config://ref1/backup/%s'),
                ('accounts', 'swift+config://ref1/images_ff/%s'),
                ('tenants', 'swift+https://swift:8080/v1/AUTH_p/images_'
                 + VICTIM + '/%s'),
                ('tenants', 'swift+https://u:p@swift:8080/v1/AUTH_p/images_%s'
                 '/%s'),
                ('file', 'file:///etc/%s'), ('file', 'file://images/%s'),
                ('http', 'http:///%s'), ('http', 'ftp://host/%s')):
            self.refuse(kind, url.replace('%s', IMAGE).replace('%%', '%'))

    def test_paths_written_otherwise_are_refused(self):
        root = self.fixture.root
        for path in ('/images/../images/' + IMAGE, '/images/./' + IMAGE,
                     '//images/' + IMAGE, '/images//' + IMAGE,
                     '/images/../staging/' + IMAGE, '/images/.' + IMAGE,
                     '/images/' + IMAGE + '/', '/images/..', '/images/',
                     '/imagesx/' + IMAGE, '/images/%s?x' % IMAGE,
                     '/images/%s#x' % IMAGE):
            self.refuse('file', 'file://' + root + path)
        # To POSIX two slashes at the beginning are something of their own.
        for slashes in ('/', '//'):
            self.refuse('file', 'file://%s%s/images/%s' % (slashes, root,
                                                           IMAGE))

    def test_server_of_somebody_else_gets_no_token(self):
        """A project's own account is known by the server that it is on."""
        store = self.stores['tenants']
        for host in ('swift:8081', 'evil', 'swift:8080.evil'):
            url = 'swift+https://%s/v1/AUTH_p/images_%s/%s' % (host, IMAGE,
                                                               IMAGE)
            for method in (store.open, store.size, store.delete):
                self.assertRaises(exceptions.BadLocation, method, url)
            self.assertRaises(exceptions.BadLocation, store.set_readers, url,
                              [])

    def test_every_method_asks(self):
        for kind in set(self.writers) - {'tenants'}:
            store = self.stores[kind]
            url = self.writers[kind](VICTIM) + '#/' + IMAGE
            for method in (store.open, store.size, store.delete):
                self.assertRaises(exceptions.BadLocation, method, url)
            if kind not in ('swift', 'accounts', 's3'):
                self.assertFalse(store.is_same(url, url))

    def test_another_cluster(self):
        store = self.stores['rbd']
        store._fsid = None
        url = 'rbd://%s/images/%s/snap' % (uuid.uuid4(), IMAGE)
        self.assertTrue(store.owns(url))
        store._fsid = FSID
        self.refuse('rbd', url)


class TestOld(TestCase):
    """What older releases have written is of the same places."""

    def same(self, kind, *urls):
        today = self.writers[kind](IMAGE)
        store = self.stores[kind]
        for url in urls:
            self.assertEqual(store.place(today), store.place(url))
            self.assertNotEqual(url, store.place(url).url)
            self.assertTrue(store.is_same(url, today))

    def test_s3_urls_with_keys_are_the_same(self):
        self.same('s3', 's3+https://key:se/cr@et@s3.host:9000/images/' + IMAGE,
                  's3://s3.host:9000/images/' + IMAGE,
                  's3+http://key:secret@s3.host:9000/images/' + IMAGE)

    def test_rbd_urls_without_a_pool_are_the_same(self):
        self.same('rbd', 'rbd://' + IMAGE)

    def test_vmware_parameters_in_another_order_are_the_same(self):
        self.same('vmware', 'vsphere://vcenter/folder/openstack/images/%s'
                  '?dcPath=%%2FDC+0&dsName=Disk' % IMAGE)

    def test_swift_urls_of_one_account_are_the_same(self):
        self.same('swift', *(
            text % IMAGE for text in (
                'swift+config://ref1/images/%s',
                'swift+http://service%%3Aglance:oldkey@keystone:5000/v3/'
                'images/%s',
                'swift+http://service:glance:secret@keystone:5000/v2.0/'
                'images/%s')))

    def test_another_account_is_another_place(self):
        """Another account of the file is another place."""
        store = self.stores['accounts']
        one, two = (store.place('swift+config://ref%d/images/%s'
                                % (number, IMAGE)) for number in (1, 2))
        self.assertNotEqual(one, two)
        self.assertEqual(one, store.place(
            'swift+http://service:glance:x@keystone:5000/v3/images/' + IMAGE))
        self.assertEqual('swift+config://ref1/images/' + IMAGE, one.url)

    def test_cinder_urls_without_a_store_are_the_same(self):
        self.same('cinder', 'cinder://' + IMAGE)

    def test_sheepdog_urls_without_a_server_are_the_same(self):
        self.same('sheepdog', 'sheepdog://' + IMAGE)

    def test_tenant_urls_without_a_protocol_are_the_same(self):
        self.same('tenants', self.writers['tenants'](IMAGE).replace(
            'swift+https', 'swift'))

    def test_a_folder_by_another_name_is_the_same(self):
        """The folder was configured by another name."""
        link = self.fixture.root + '/link'
        os.symlink(self.fixture.root + '/images', link)
        self.same('file', 'file://%s/%s' % (link, IMAGE),
                  self.writers['file'](IMAGE).replace('file:', 'filesystem:'))

    def test_http_urls_differ_by_their_fragments(self):
        place = self.stores['http'].place
        self.assertEqual('http://host/X?y#z', place('HTTP://host/X?y#z').url)
        self.assertNotEqual(place('http://host/x'), place('http://host/x#y'))


class TestFormer(TestCase):
    """Where the administrator says that a store has kept data before."""

    def test_former_places_are_ours_once_they_are_named(self):
        for kind, prefix, rest in (
                ('file', 'file://%s/old/' % self.fixture.root, ''),
                ('s3', 's3://10.0.0.5/old/', ''),
                ('rbd', 'rbd://other/old/', '/snap'),
                ('vmware', 'vsphere://old/folder/x/',
                 '?dcPath=ha-datacenter&dsName=Disk'),
                ('accounts', 'swift+config://ref1/old/', ''),
                ('gridfs', 'gridfs://old/', ''),
                ('cinder', 'cinder://old/', ''),
                ('sheepdog', 'sheepdog://10.0.0.5:7000:', '')):
            store, url = self.stores[kind], prefix + IMAGE + rest
            self.refuse(kind, url)
            store.former = (prefix,)
            place = store.place(url)
            self.assertEqual((IMAGE, IMAGE, None),
                             (place.name, place.image_id, place.url))
            self.assertTrue(store.is_same(url, url))
            self.assertFalse(store.is_same(url, prefix + VICTIM + rest))
            for more in ('/x', '?x', '#x', '/../x', '/snap/x', '\0'):
                self.refuse(kind, url + more)
                self.refuse(kind, prefix + IMAGE + more + rest)
            self.refuse(kind, prefix + '../' + IMAGE + rest)
            self.assertEqual(url, (store._location(url).get_store_uri()
                                   if kind in ('s3', 'rbd', 'vmware')
                                   else url))

    def test_other_daemons_of_a_cluster(self):
        """Data that is listed here is not taken for nobody's."""
        store = self.stores['sheepdog']
        today, old = (self.writers['sheepdog'](IMAGE), 'sheepdog://10.0.0.5:'
                      '7000:' + IMAGE)
        self.assertTrue(self.fixture.all.may_be_in(store, old, today))
        with mock.patch.object(self.stores['file'], 'owns',
                               side_effect=lambda url: url == old):
            self.assertTrue(self.fixture.all.may_be_in(store, old, today))
            self.assertFalse(self.fixture.all.may_be_in(
                store, old, self.writers['sheepdog'](VICTIM)))
        store.former = (old[:-len(IMAGE)],)
        self.assertEqual(store.place(today), store.place(old))
        self.assertTrue(self.fixture.all.may_be_in(store, old, today))

    def test_what_has_another_address_today_may_be_the_same(self):
        """The host, or the pool, of a store has got another name."""
        for kind, prefix, rest in (
                ('s3', 's3://10.0.0.5/old/', ''),
                ('rbd', 'rbd://other/old/', '/snap')):
            store, old = self.stores[kind], prefix + IMAGE + rest
            store.former = (prefix,)
            today, other = map(self.writers[kind], (IMAGE, VICTIM))
            for same, url in (True, today), (False, other):
                self.assertEqual(same, self.fixture.all.may_be_in(
                    store, old, url))
                self.assertEqual(same, self.fixture.all.may_be_same(
                    {'url': old, 'metadata': {'store': store.id}},
                    {'url': url, 'metadata': {'store': store.id}}))

    def test_read_and_removed(self):
        folder = self.fixture.root + '/old'
        os.mkdir(folder)
        with open(os.path.join(folder, IMAGE), 'w') as file:
            file.write('data')
        store, url = self.stores['file'], 'file://%s/%s' % (folder, IMAGE)
        store.former = ('file://%s/' % folder,)
        reader = store.open(url)
        self.assertEqual(b'data', b''.join(reader))
        reader.close()
        store.delete(url)
        self.assertEqual([], os.listdir(folder))


class TestSingle(base.BaseTestCase):
    """Stores without ids have the same places."""

    def test_places_are_the_same_as_with_ids(self):
        for kind, url in (
                ('s3', 's3+https://s3.host:9000/images/%s'),
                ('rbd', 'rbd://' + FSID + '/images/%s/snap'),
                ('cinder', 'cinder://%s'), ('gridfs', 'gridfs://%s'),
                ('sheepdog', 'sheepdog://10.0.0.7:7000:%s'),
                ('vmware', 'vsphere://vcenter/folder/openstack/images/%s'
                 '?dsName=Disk&dcPath=%%2FDC+0'),
                ('accounts', 'swift+config://ref1/images_6b/%s')):
            with offline.Stores(kind, multi=False) as fixture:
                [store] = fixture.all
                self.assertEqual(url % IMAGE, store.place(url % IMAGE).url)
                self.assertFalse(store.owns(url.replace('images', 'x')
                                            .replace('//%', '//x/%')
                                            .replace(':7000', ':') % IMAGE))


class TestLinks(TestCase):
    """A file may be a link to another folder of the store."""

    def setUp(self):
        super().setUp()
        self.store = self.stores['file']
        self.link = os.path.join(self.fixture.root, 'images', IMAGE)
        self.url = self.writers['file'](IMAGE)

    def test_leads_out_of_the_store(self):
        target = os.path.join(self.fixture.root, 'secret')
        with open(target, 'w') as file:
            file.write('secret')
        os.symlink(target, self.link)
        for method in (self.store.open, self.store.size, self.store.delete):
            self.assertRaises(exceptions.BadLocation, method, self.url)
        self.assertTrue(os.path.exists(target))
        self.assertTrue(os.path.lexists(self.link))

    def test_leads_to_its_own_folder(self):
        with open(self.link + '.x', 'w') as file:
            file.write('data')
        os.symlink(self.link + '.x', self.link)
        reader = self.store.open(self.url)
        self.assertEqual(b'data', b''.join(reader))
        reader.close()
