"""Tells, as JSON, what the installed clients can do with images.

It runs in the clients' environment, where nothing of this project is.
"""

from importlib import metadata
import inspect
import json

from glanceclient import shell
from openstack.cloud import _image
from openstack.image.v2 import _proxy
from openstack import proxy


def openstack():
    """By the entry points of all plugins."""
    points = metadata.entry_points()
    groups = [group for group in points.groups
              if group.startswith('openstack.') and not group.endswith('.v1')]
    return sorted({
        point.name.replace('_', ' ') for group in groups
        for point in points.select(group=group)
        if point.name.startswith(('image_', 'cached_image_'))})


def glance():
    """By the parser of its command line."""
    program = shell.OpenStackImagesShell()
    program.get_subcommand_parser(2)
    return sorted({name.replace('_', '-')
                   for name in program.subcommands})


def methods(kind, *others):
    """Public methods of a class that none of the others has."""
    return {name for name, _method in inspect.getmembers(kind, callable)
            if not name.startswith('_')
            and not any(hasattr(other, name) for other in others)}


def sdk():
    """Of the Image service's proxy, and of the layer above all services."""
    cloud = {name for name in vars(_image.ImageCloudMixin)
             if not name.startswith('_')}
    return sorted(methods(_proxy.Proxy, proxy.Proxy)) + sorted(
        'cloud.' + name for name in cloud)


if __name__ == '__main__':
    print(json.dumps({'openstack': openstack(), 'glance': glance(),
                      'sdk': sdk()}))
