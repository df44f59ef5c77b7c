"""Which configuration files each program reads when it is not told."""

import os

from oslo_config import cfg

PROJECT = 'glance'
API, REGISTRY = 'glance-api', 'glance-registry'
# A later file wins. What stands in the first two is for everybody.
_COMMON = ('glance-image-import', PROJECT)
# Programs that read the files of others before their own ones, and those that
# read the files of the API when they have none. Whoever shares work with
# another program shall find the same options.
_BEFORE = {'glance-scrubber': (API,),
           'glance-cache-cleaner': (API, 'glance-cache'),
           'glance-cache-prefetcher': (API, 'glance-cache'),
           'glance-cache-pruner': (API, 'glance-cache'),
           'glance-manage': (API, REGISTRY), 'glance-status': (API, REGISTRY)}
_INSTEAD = ('glance-conductor', REGISTRY)
# Where packages of the Red Hat family put their defaults, as NAME-dist.conf.
_PACKAGED = '/usr/share/glance'
# Needs no file, and shall not find one by chance.
_NONE = ('glance-standalone',)


def of(prog):
    """:returns: (files, folders) in the order of reading, those there are"""
    if prog in _NONE:
        return [], []
    names = (*_BEFORE.get(prog, ()), prog)
    if prog in _INSTEAD and not _files(prog):
        names = (API, prog)
    return (_each(_packaged, names) + _each(_files, (*_COMMON, *names)),
            _each(_folders, (PROJECT, *names)))


def below(directory, named=()):
    """As `of` for the API, with all files in one directory.

    :param named: names of the files; else those of the API, the last of which
        is read also to miss it
    """
    usual = [name + '.conf' for name in (*_COMMON, API)]
    paths = [os.path.join(directory, name) for name in named or usual]
    found = [path for path in paths
             if named or path == paths[-1] or os.path.exists(path)]
    folders = [os.path.join(directory, name + '.conf.d')
               for name in (PROJECT, API)]
    return ([] if named else _packaged(API)) + found, [
        path for path in folders if os.path.isdir(path)]


def undecodable(argv, paths, folders):
    """:param argv: the arguments of a program, which may name files
    :param paths, folders: what it reads otherwise, as `of` gives them
    :returns: those files that are not in UTF-8
    """
    named = [argument.rpartition('=')[2] for argument in argv]
    inside = [os.path.join(folder, name)
              for folder in (*folders, *filter(os.path.isdir, named))
              for name in sorted(os.listdir(folder))]
    return [path for path in (*paths, *named, *inside)
            if os.path.isfile(path) and not _is_text(path)]


def _is_text(path):
    try:
        with open(path, encoding='utf-8') as file:
            file.read()
    except UnicodeDecodeError:
        return False
    return True


def _each(find, names):
    return list(dict.fromkeys(path for name in names for path in find(name)))


def _files(name):
    # It also gives the project's own file.
    return [path for path in cfg.find_config_files(PROJECT, name)
            if os.path.basename(path) == name + '.conf']


def _packaged(name):
    path = os.path.join(_PACKAGED, name + '-dist.conf')
    return [path] if os.path.exists(path) else []


def _folders(name):
    return [path for path in cfg.find_config_dirs(PROJECT, name)
            if os.path.basename(path) == name + '.conf.d']
