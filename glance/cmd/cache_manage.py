"""glance-cache-manage: look at the cache of an API host and change it.

Exit status: 0 done, also when the question was answered with no; 1 the
request failed or makes no sense; 2 usage.
"""

import argparse
import datetime
import os
import sys
import uuid

from keystoneauth1 import exceptions as keystone_exceptions
from keystoneauth1.identity import v3
from keystoneauth1 import noauth
from keystoneauth1 import session as keystone_session
from keystoneauth1 import token_endpoint

import glance

PROG = 'glance-cache-manage'
_TIMEOUT = 60
# Option, its older names, the variable of the environment, the default.
_CREDENTIALS = (
    ('--os-auth-token', ('-A', '--os_auth_token', '--auth_token'),
     'OS_AUTH_TOKEN', ''),
    ('--os-username', ('-I', '--os_username'), 'OS_USERNAME', ''),
    ('--os-password', ('-K', '--os_password'), 'OS_PASSWORD', ''),
    ('--os-region-name', ('-R', '--os_region_name'), 'OS_REGION_NAME', ''),
    ('--os-project-id', ('--os_project_id',), 'OS_PROJECT_ID', ''),
    ('--os-project-name', ('-T', '--os_project_name'), 'OS_PROJECT_NAME',
     ''),
    ('--os-user-domain-id', (), 'OS_USER_DOMAIN_ID', ''),
    ('--os-project-domain-id', (), 'OS_PROJECT_DOMAIN_ID', ''),
    ('--os-domain-id', (), 'OS_DOMAIN_ID', 'default'),
    ('--os-auth-url', ('-N', '--os_auth_url'), 'OS_AUTH_URL', ''))
_TABLE = (('ID', 36), ('Last Accessed (UTC)', 19),
          ('Last Modified (UTC)', 19), ('Size', 14), ('Hits', 10))


class Failure(Exception):
    """What the user is told; the exit status is 1."""


class Api:
    """The cache calls of one API host.

    :param args: parsed options
    """

    def __init__(self, args):
        host = args.host if '://' in args.host else 'http://' + args.host
        url = '%s:%d' % (host, args.port)
        self._session = keystone_session.Session(
            auth=_auth(args, url), verify=not args.insecure,
            timeout=_TIMEOUT)
        self._url = url + '/v2/'

    def request(self, verb, path):
        """:returns: the decoded answer"""
        try:
            return self._session.request(
                self._url + path, verb,
                headers={'Accept': 'application/json'}).json()
        except keystone_exceptions.NotFound:
            raise Failure('There is no such image, or the host does not '
                          'serve these calls (flavor cachemanagement).')
        except (keystone_exceptions.ClientException, ValueError) as error:
            raise Failure('The request failed: %s' % error)


def _auth(args, url):
    if args.os_auth_token:
        return token_endpoint.Token(url, args.os_auth_token)
    if args.os_auth_strategy == 'noauth' or not args.os_username:
        return noauth.NoAuth(endpoint=url)
    domain = args.os_domain_id
    return v3.Password(
        auth_url=args.os_auth_url, username=args.os_username,
        password=args.os_password, project_id=args.os_project_id or None,
        project_name=args.os_project_name or None,
        user_domain_id=args.os_user_domain_id or domain,
        project_domain_id=args.os_project_domain_id or domain)


def list_cached(api, args):
    """Show the images in the cache."""
    found = api.request('GET', 'cached_images')['cached_images']
    if not found:
        print('No cached images.')
        return
    print('Found %d cached images...' % len(found))
    _print_row([name for name, _width in _TABLE])
    for entry in found:
        _print_row([entry['image_id'], _moment(entry['last_accessed']),
                    _moment(entry['last_modified']), entry['size'],
                    entry['hits']])


def _moment(epoch):
    moment = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)
    return moment.strftime('%Y-%m-%dT%H:%M:%S')


def _print_row(cells):
    print(' '.join(str(cell).ljust(width)
                   for cell, (_name, width) in zip(cells, _TABLE)).rstrip())


def list_queued(api, args):
    """Show the images that are to be fetched."""
    found = api.request('GET', 'queued_images')['queued_images']
    print('Found %d queued images...' % len(found) if found
          else 'No queued images.')
    for image_id in found:
        print(image_id)


def queue_image(api, args, image_id):
    """Have an image fetched into the cache."""
    if _is_sure(args, 'Queue image %s for caching?' % image_id):
        api.request('PUT', 'queued_images/' + image_id)


def delete_cached_image(api, args, image_id):
    """Remove an image from the cache."""
    if _is_sure(args, 'Delete cached image %s?' % image_id):
        api.request('DELETE', 'cached_images/' + image_id)


def delete_all_cached_images(api, args):
    """Remove all images from the cache."""
    if _is_sure(args, 'Delete all cached images?'):
        answer = api.request('DELETE', 'cached_images')
        print('Deleted %d cached images' % answer['num_deleted'])


def delete_queued_image(api, args, image_id):
    """Take an image from those to be fetched."""
    if _is_sure(args, 'Delete queued image %s?' % image_id):
        api.request('DELETE', 'queued_images/' + image_id)


def delete_all_queued_images(api, args):
    """Fetch none of the images that are to be fetched."""
    if _is_sure(args, 'Delete all queued images?'):
        answer = api.request('DELETE', 'queued_images')
        print('Deleted %d queued images' % answer['num_deleted'])


_COMMANDS = {
    'list-cached': (list_cached, 0),
    'list-queued': (list_queued, 0),
    'queue-image': (queue_image, 1),
    'delete-cached-image': (delete_cached_image, 1),
    'delete-all-cached-images': (delete_all_cached_images, 0),
    'delete-queued-image': (delete_queued_image, 1),
    'delete-all-queued-images': (delete_all_queued_images, 0),
}


def _is_sure(args, question):
    if args.force:
        return True
    try:
        return input(question + ' [y/N] ').strip().lower() in ('y', 'yes')
    except EOFError:
        return False


def _print_help(wanted):
    names = wanted or sorted(_COMMANDS)
    for name in names:
        if name not in _COMMANDS:
            raise Failure('There is no command %s.' % name)
        function, count = _COMMANDS[name]
        print('%s%s\n    %s' % (name, ' IMAGE_ID' * count,
                                function.__doc__))


def _parser():
    parser = argparse.ArgumentParser(
        prog=PROG, description='Commands: help, %s.'
        % ', '.join(sorted(_COMMANDS)))
    parser.add_argument('command', nargs='+')
    parser.add_argument('--version', action='version',
                        version=getattr(glance, '__version__', 'unknown'))
    for short, long in (('-v', '--verbose'), ('-d', '--debug'),
                        ('-k', '--insecure'), ('-f', '--force')):
        parser.add_argument(short, long, action='store_true')
    parser.add_argument('-H', '--host', default='0.0.0.0')
    parser.add_argument('-p', '--port', type=int, default=9292)
    parser.add_argument('-S', '--os_auth_strategy')
    for name, older, variable, default in _CREDENTIALS:
        dest = name[2:].replace('-', '_')
        parser.add_argument(name, dest=dest,
                            default=os.environ.get(variable, default))
        if older:
            parser.add_argument(*older, dest=dest, default=argparse.SUPPRESS,
                                help=argparse.SUPPRESS)
    return parser


def _run(args):
    name, *arguments = args.command
    if name == 'help':
        _print_help(arguments)
        return
    if name not in _COMMANDS:
        raise Failure('There is no command %s.' % name)
    function, count = _COMMANDS[name]
    if len(arguments) != count:
        raise Failure('%s takes %d arguments.' % (name, count))
    for image_id in arguments:
        try:
            uuid.UUID(image_id)
        except ValueError:
            raise Failure('%s is no image ID.' % image_id)
    function(Api(args), args, *arguments)


def main(argv=None):
    print('%s is deprecated: use the calls of /v2/cache, for instance by '
          '"openstack cached image".' % PROG, file=sys.stderr)
    try:
        _run(_parser().parse_args(argv))
    except Failure as failure:
        sys.exit(str(failure))


if __name__ == '__main__':
    main()
