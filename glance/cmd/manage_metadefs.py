"""The actions of glance-manage on metadata definitions: JSON files."""

import contextlib
import json
import os
import re
import sys

from oslo_utils import strutils

from glance.api.schemas import metadef_requests
from glance.common import exceptions
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.metadefs import loading
from glance.db.migrations.upgrade import errors

# Who the definitions belong to that name nobody.
_OWNER = 'admin'
_FAILED = 1


def load(path=None, merge=False, prefer_new=False, overwrite=False):
    """Load a file, or all files of a folder.

    :param path: of the file or folder; else `metadata_source_path`, or where
        the files were installed to
    :returns: exit status, None when all went well
    :raises UpgradeError: flags do not fit together, there is nothing to load
    """
    how = {name: strutils.bool_from_string(value) for name, value in (
        ('merge', merge), ('prefer_new', prefer_new),
        ('overwrite', overwrite))}
    if how['prefer_new'] and how['overwrite']:
        raise errors.UpgradeError(
            'prefer_new and overwrite exclude each other.')
    if (how['prefer_new'] or how['overwrite']) and not how['merge']:
        raise errors.UpgradeError(
            'prefer_new and overwrite need merge beside them.')
    return _load_files(path or _source(), how)


def _source():
    """:returns: the folder of the files when nobody names one"""
    named = CONF.metadata_source_path
    installed = os.path.join(sys.prefix, 'etc', 'glance', 'metadefs')
    if not os.path.exists(named) and os.path.isdir(installed):
        return installed
    return named


def unload():
    """Remove all metadata definitions."""
    with engine.writer() as connection:
        loading.unload(connection)
    print('All metadata definitions are removed.')


def export(path=None):
    """Write a file for each namespace, as `load` reads them."""
    folder = path or CONF.metadata_source_path
    with engine.reader() as connection:
        documents = loading.export(connection)
    names = set()
    with _told('%s cannot be written' % folder):
        os.makedirs(folder, exist_ok=True)
        for document in documents:
            name = _file_name(document, names)
            names.add(name)
            _write(os.path.join(folder, name), _to_file(document))
    print('%d namespaces are in %s.' % (len(documents), folder))


def _load_files(path, how):
    if not os.path.exists(path):
        raise errors.UpgradeError(
            'There is no %s to load metadata definitions from.' % path)
    status = None
    for name in _files(path):
        try:
            _load_file(name, how)
        except errors.UpgradeError as error:
            print('glance-manage: %s' % error, file=sys.stderr)
            status = _FAILED
    return status


def _files(path):
    if os.path.isfile(path):
        return [path]
    with _told('%s cannot be read' % path):
        names = os.listdir(path)
    found = [os.path.join(path, name) for name in names
             if name.endswith('.json')]
    if not found:
        raise errors.UpgradeError('There are no *.json files in %s.' % path)
    return found


def _load_file(name, how):
    document = _read(name)
    try:
        with engine.writer() as connection:
            is_loaded = loading.load(connection, document, **how)
    except exceptions.Duplicate:
        is_loaded = False
    print(('%s is loaded from %s.' if is_loaded else
           '%s of %s exists already and stays as it is.')
          % (document['namespace'], os.path.basename(name)))


def _read(name):
    with _told('%s cannot be read' % name):
        with open(name, encoding='utf-8') as file:
            document = json.load(file)
    try:
        values = metadef_requests.form_namespace(document)
    except exceptions.GlanceError as error:
        raise errors.UpgradeError('%s: %s' % (name, error.message))
    except (AttributeError, TypeError, ValueError):
        raise errors.UpgradeError('%s does not define a namespace.' % name)
    values.setdefault('owner', _OWNER)
    return values


@contextlib.contextmanager
def _told(what):
    try:
        yield
    except (OSError, ValueError) as error:
        raise errors.UpgradeError('%s: %s' % (what, error))


def _file_name(document, taken):
    """Named for people; after the namespace when two have one name."""
    for title in (document['display_name'] or '', document['namespace']):
        name = re.sub(r'[\W_]', '', title)
        if name and name + '.json' not in taken:
            return name + '.json'
    return '%s%d.json' % (name, len(taken))


def _write(path, document):
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(document, file, indent=4, ensure_ascii=False)
        file.write('\n')


def _to_file(document):
    wanted = {name: document[name] for name in (
        'namespace', 'display_name', 'description', 'visibility',
        'protected', 'owner')}
    wanted['resource_type_associations'] = [
        _given(item, 'name', 'prefix', 'properties_target')
        for item in document['resource_types']]
    wanted['properties'] = {item['name']: item['schema']
                            for item in document['properties']}
    wanted['objects'] = [
        _given(item, 'name', 'description', 'required', 'properties')
        for item in document['objects']]
    wanted['tags'] = [_given(item, 'name') for item in document['tags']]
    return _given(wanted, *wanted)


def _given(item, *names):
    return {name: item[name] for name in names
            if item[name] not in (None, [], {})}
