"""[image_signatures]: whose signatures of images count."""

from oslo_config import cfg

from glance.conf import lists

group = cfg.OptGroup('image_signatures', title='Signatures of images', help="""
An image that has the properties img_signature, img_signature_hash_method,
img_signature_key_type and img_signature_certificate_uuid takes only data to
which they belong. The certificates are read from the key manager, see
[key_manager].
""")

opts = [
    lists.list_opt(
        'trusted_certificates', default=[], help="""
Ids, in the key manager, of certificates that are trusted to have signed other
ones. When there are any, the certificate of a signature must lead to one of
them; dates, extensions and the length of the path are checked. Empty: every
certificate that the caller can read will do.
"""),
]


def register_opts(conf):
    conf.register_group(group)
    conf.register_opts(opts, group=group)


def list_opts():
    return {group: opts}
