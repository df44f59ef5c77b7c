"""What the sample files list."""

from oslotest import base

from glance.conf import opts


def _names(listed):
    return {(str(getattr(group, 'name', group) or 'DEFAULT'), opt.name)
            for group, options in listed for opt in options}


class TestOpts(base.BaseTestCase):

    def test_api_has_the_registry_it_may_host(self):
        names = _names(opts.list_api_opts())
        for expected in (('paste_deploy', 'flavor'), ('DEFAULT', 'workers'),
                         ('registry', 'transport_url'),
                         ('image_format', 'disk_formats'),
                         # of the registry that it may host
                         ('database', 'connection'), ('relay', 'lease')):
            self.assertIn(expected, names)

    def test_registry_has_the_database_and_no_stores(self):
        names = _names(opts.list_registry_opts())
        self.assertIn(('database', 'connection'), names)
        self.assertNotIn(('DEFAULT', 'enabled_backends'), names)

    def test_conductor_has_the_stores_and_no_database(self):
        names = _names(opts.list_conductor_opts())
        self.assertIn(('DEFAULT', 'enabled_backends'), names)
        self.assertNotIn(('database', 'connection'), names)

    def test_cache_tools_have_no_database(self):
        names = _names(opts.list_cache_opts())
        self.assertIn(('DEFAULT', 'image_cache_dir'), names)
        self.assertNotIn(('database', 'connection'), names)

    def test_manage_knows_where_definitions_are(self):
        self.assertIn(('DEFAULT', 'metadata_source_path'),
                      _names(opts.list_manage_opts()))
