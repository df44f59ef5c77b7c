"""A user's program with openstacksdk; prints what it saw as JSON.

It runs in the clients' environment, where nothing of this project is.
"""

import hashlib
import json
import sys

import openstack


def main(source):
    cloud = openstack.connect()
    seen = {}
    image = cloud.image.create_image(
        'by the sdk', filename=source, disk_format='iso',
        container_format='bare', tags=['blue'], wait=True)
    image = cloud.image.get_image(image.id)
    seen['created'], seen['hash'] = image.status, image.hash_value
    seen['listed'] = image.id in [
        found.id for found in cloud.image.images(name='by the sdk')]
    seen['tags'] = image.tags
    digest = hashlib.sha512()
    for chunk in cloud.image.download_image(
            image, stream=True).iter_content(1 << 20):
        digest.update(chunk)
    seen['downloaded'] = digest.hexdigest()
    image = cloud.image.update_image(image, name='renamed',
                                     visibility='private')
    seen['renamed'], seen['visibility'] = image.name, image.visibility
    _switch(cloud, image, seen)
    cloud.image.delete_image(image)
    seen['after'] = cloud.image.find_image(image.id)
    json.dump(seen, sys.stdout)


def _switch(cloud, image, seen):
    """Off and on again."""
    cloud.image.deactivate_image(image)
    seen['deactivated'] = cloud.image.get_image(image.id).status
    cloud.image.reactivate_image(image)
    seen['reactivated'] = cloud.image.get_image(image.id).status


main(sys.argv[1])
