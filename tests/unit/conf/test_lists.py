"""Lists and tables of options, as people write them."""

import os

import fixtures
import hypothesis
from hypothesis import strategies as st
from oslo_config import cfg
from oslo_config import types
from oslotest import base

from glance import conf
from glance.conf import lists
from glance.store import options

_BLANKS = st.sampled_from(['', ' ', '  ', '\t'])
_WORDS = st.text('abcdefgh0123456789_-.+', min_size=1, max_size=8)
_QUOTES = st.sampled_from(['', '"', "'"])
# A busy machine is no failure.
_patient = hypothesis.settings(
    max_examples=50, deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow])
_BOUNDED = types.List(types.String(quotes=True), bounds=True)
_OPEN = types.List(types.String(quotes=True))


@st.composite
def _items(draw):
    return draw(st.lists(_WORDS, max_size=4)), draw(_QUOTES), draw(_BLANKS)


def _read(opt, text):
    """The value of an option that a file has."""
    with fixtures.TempDir() as folder:
        path = os.path.join(folder.path, 'a.conf')
        with open(path, 'w') as file:
            file.write('[DEFAULT]\n%s = %s\n' % (opt.name, text))
        read = cfg.ConfigOpts()
        read.register_opt(opt)
        read([], default_config_files=[path], default_config_dirs=[])
        return read[opt.dest]


def _list_options():
    for module in conf._MODULES:
        listed = module.list_opts()
        for group, opts in (listed.items() if isinstance(listed, dict)
                            else listed):
            for opt in opts:
                yield '[%s] %s' % (group, opt.name), opt
    for opt in options.of_driver(options_driver()):
        yield 'file store ' + opt.name, opt


def options_driver():
    from glance.store.drivers.file import filesystem
    return filesystem.Driver


class TestItems(base.BaseTestCase):

    @_patient
    @hypothesis.given(_items())
    def test_as_the_library_where_it_takes_quotes(self, given):
        words, quote, blank = given
        text = ','.join(blank + quote + word + quote + blank
                        for word in words)
        for bounds in (True, False):
            ours = lists.Items(bounds=bounds)
            self.assertEqual(_BOUNDED('[%s]' % text), ours('[%s]' % text))
            self.assertEqual(_OPEN(text.strip()), ours(text))

    @_patient
    @hypothesis.given(_items(), st.booleans())
    def test_of_a_file(self, given, in_brackets):
        words, quote, blank = given
        text = (blank + ',' + blank).join(quote + word + quote
                                          for word in words)
        if in_brackets:
            text = '[%s]' % text
        self.assertEqual(words, _read(lists.list_opt('o'), text))

    def test_item_types(self):
        ports = lists.Items(types.Integer(), bounds=True)
        for text in '[80, 443]', '80,443', "'80', '443'", '["80","443"]':
            self.assertEqual([80, 443], ports(text))
        self.assertRaises(ValueError, ports, '[80, http]')

    def test_over_lines(self):
        self.assertEqual(['a', 'b'], _read(lists.list_opt('o'),
                                           '[\n  a,\n  b,\n  ]'))

    def test_what_is_in_quotes_may_have_commas(self):
        self.assertEqual(['a,b', 'c'], lists.Items()('"a,b",c'))

    def test_half_of_it(self):
        for text in '[a', 'a]', '"a,b', "'a\", b", 'a, "b', "['a', b']":
            self.assertRaises(ValueError, lists.Items(), text)


class TestPairs(base.BaseTestCase):

    @_patient
    @hypothesis.given(st.dictionaries(_WORDS, _WORDS, max_size=4), _QUOTES,
                      _BLANKS, st.sampled_from(['%s', '{%s}']))
    def test_of_each_form(self, pairs, quote, blank, form):
        each = form % ','.join(
            blank + quote + name + quote + blank + ':' + blank + quote + value
            + quote + blank for name, value in pairs.items())
        whole = form % ','.join(quote + name + ':' + value + quote
                                for name, value in pairs.items())
        for text in each, whole:
            self.assertEqual(pairs, lists.Pairs()(text))
        if not quote and form == '%s':
            self.assertEqual(types.Dict()(each), lists.Pairs()(each))

    @_patient
    @hypothesis.given(st.dictionaries(_WORDS, _WORDS, max_size=4), _QUOTES)
    def test_of_a_file(self, pairs, quote):
        text = ', '.join('%s%s%s:%s%s%s' % (quote, name, quote, quote, value,
                                            quote)
                         for name, value in pairs.items())
        self.assertEqual(pairs, _read(lists.dict_opt('o'), text))

    def test_the_first_colon_outside_quotes_separates(self):
        self.assertEqual({'trait:X': 'required', 'a': 'b:c'}, lists.Pairs()(
            '"trait:X":required, a:b:c'))

    def test_no_pair(self):
        for text in 'fast', 'fast:rbd,cold', 'a:b,a:c', '{a:b', '"a:b':
            self.assertRaises(ValueError, lists.Pairs(), text)


class TestAll(base.BaseTestCase):

    def test_every_list_of_ours_takes_every_form(self):
        for name, opt in _list_options():
            kind = type(opt.type)
            self.assertFalse(
                issubclass(kind, types.List) and kind is not lists.Items
                or issubclass(kind, types.Dict) and kind is not lists.Pairs,
                name)


class TestNames(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.opts = {opt.name: opt for _name, opt in _list_options()}

    def test_quotes_are_no_part_of_plugins_and_methods(self):
        for text in ("['inject_image_metadata', 'image_conversion']",
                     "'inject_image_metadata','image_conversion'"):
            self.assertEqual(
                ['inject_image_metadata', 'image_conversion'],
                _read(self.opts['image_import_plugins'], text))
        self.assertEqual(['glance-direct'], _read(
            self.opts['enabled_import_methods'], "['glance-direct']"))

    def test_unknown_ones(self):
        for name, text in (('image_import_plugins', '[image_convert]'),
                           ('enabled_import_methods', '[web_download]')):
            self.assertRaises(ValueError, _read, self.opts[name], text)
