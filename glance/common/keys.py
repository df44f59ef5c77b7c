"""Keys of encrypted volumes: one is deleted with the image made of a volume.

It is deleted with the rights of whoever deletes the image, never with those of
the service: the id is a property that any user can write, and must not open
the keys of others. Thus there is one attempt, while the user is there.
"""

from oslo_log import log

from glance.conf import CONF

LOG = log.getLogger(__name__)

KEY_ID = 'cinder_encryption_key_id'
POLICY = 'cinder_encryption_key_deletion_policy'


def delete_with(image, ctxt):
    """Delete the key of an image that has just been deleted, if it says so.

    Errors are logged only: the image is deleted all the same.
    """
    properties = image['properties']
    key_id = properties.get(KEY_ID)
    if not key_id or properties.get(POLICY) != 'on_image_deletion':
        return
    try:
        _delete(ctxt, key_id)
    except Exception as error:
        LOG.error('The encryption key %s of the deleted image %s is left in '
                  'the key manager: %s', key_id, image['id'], error)


def _delete(ctxt, key_id):
    # Loading it takes a while; few images have keys.
    from castellan.common import exception
    from castellan import key_manager
    try:
        key_manager.API(CONF).delete(ctxt, key_id)
    except exception.ManagedObjectNotFoundError:
        LOG.info('The encryption key %s is gone already', key_id)
