"""Who counts as somebody on the same host."""

from glance.api.middleware import standalone
from tests.unit.api.middleware import base


class TestStandalone(base.TestCase):

    def setUp(self):
        super().setUp()
        self.app = standalone.StandaloneContextMiddleware.factory({})(
            self.inner)

    def test_administrator_with_a_project(self):
        ctxt = self.context(self.app, HTTP_X_PROJECT_ID='p1',
                            HTTP_X_ROLES='reader')
        self.assertTrue(ctxt.is_admin)
        self.assertEqual('standalone', ctxt.project_id)

    def test_other_names_by_the_paste_file(self):
        app = standalone.StandaloneContextMiddleware.factory(
            {}, project_id='p9', user_id='u9')(self.inner)
        ctxt = self.context(app)
        self.assertEqual(('p9', 'u9'), (ctxt.project_id, ctxt.user_id))

    def test_callers_on_the_same_host_are_let_in(self):
        for address in ('127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1',
                        ''):
            self.context(self.app, REMOTE_ADDR=address)
        for host in ('localhost:9292', '127.0.0.1', '[::1]:9292'):
            self.context(self.app, HTTP_HOST=host)
        for origin in ('http://localhost:8080', 'http://127.0.0.1'):
            self.context(self.app, HTTP_ORIGIN=origin)

    def refused(self, **environ):
        self.assertEqual(403, self.call(self.app, **environ).status_int)
        self.assertIsNone(self.environ)

    def test_other_hosts(self):
        for address in ('10.0.0.1', '::2', '::ffff:10.0.0.1', 'nonsense'):
            self.refused(REMOTE_ADDR=address)

    def test_a_name_of_somebody_else_that_leads_here(self):
        for host in ('evil.example', 'localhost.evil.example', '10.0.0.1',
                     '', '[', 'localhost@evil.example'):
            self.refused(HTTP_HOST=host)

    def test_a_page_of_another_site(self):
        for origin in ('https://evil.example', 'null', ''):
            self.refused(HTTP_ORIGIN=origin)
