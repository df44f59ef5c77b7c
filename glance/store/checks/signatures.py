"""Signatures: image data is what the owner of a certificate has signed.

An image that has all four properties of a signature is accepted only with data
to which they belong. The signature is over the data itself. The certificate is
fetched with the caller's rights when the caller asks; what is checked later,
in a conductor, is checked against what was found then.
"""

import base64
from collections.abc import Callable
import typing

from cryptography import exceptions as crypto_exceptions
from cryptography.hazmat.primitives import serialization
from cryptography import x509
from oslo_log import log

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import image as image_types

LOG = log.getLogger(__name__)

SIGNATURE = 'img_signature'
HASH_METHOD = 'img_signature_hash_method'
KEY_TYPE = 'img_signature_key_type'
CERTIFICATE = 'img_signature_certificate_uuid'
# The properties and the certificate, in DER form as base64 text.
Signature = dict[str, str]

PROPERTIES = (SIGNATURE, HASH_METHOD, KEY_TYPE, CERTIFICATE)


def of_image(ctxt: context.RequestContext, image: image_types.Record
             ) -> Signature | None:
    """What the data of an image has to satisfy.

    :param ctxt: whoever brings the data; reads the certificate
    :returns: None for an image without signature
    :raises SignatureInvalid: nothing can satisfy it
    :raises ServiceUnavailable: the key manager cannot be asked
    """
    properties = image['properties']
    signature = {name: value for name in PROPERTIES
                 if (value := properties.get(name))}
    if len(signature) < len(PROPERTIES):
        return None
    signature['certificate'] = _fetch(ctxt, signature[CERTIFICATE])
    # Better refused now than after all the data has come.
    Verifier(signature)
    return signature


class Verifier:
    """Sees the data as a `glance.store.checks.inspection.Inspector` does.

    :raises SignatureInvalid: its parts do not belong together
    """

    def __init__(self, signature: Signature) -> None:
        self._verifier = _cursive(_verifier, signature)
        if self._verifier is None:
            raise exceptions.SignatureInvalid()

    def feed(self, view: memoryview) -> None:
        self._verifier.update(view)

    def finish(self) -> None:
        """:raises SignatureInvalid: the data is not what was signed"""
        try:
            self._verifier.verify()
        except (crypto_exceptions.InvalidSignature, ValueError, TypeError):
            raise exceptions.SignatureInvalid() from None


def _verifier(signature: Signature) -> typing.Any:
    # Loading these takes a while, and few images are signed.
    from cursive import exception
    from cursive import signature_utils
    key_type = signature_utils.SignatureKeyType.lookup(signature[KEY_TYPE])
    certificate = x509.load_der_x509_certificate(
        base64.b64decode(signature['certificate']))
    public_key = certificate.public_key()
    if not isinstance(public_key, key_type.public_key_type):
        raise exception.SignatureVerificationError(
            reason='The certificate has another type of key')
    return key_type.create_verifier(
        signature_utils.get_signature(signature[SIGNATURE]),
        signature_utils.get_hash_method(signature[HASH_METHOD]), public_key)


def _fetch(ctxt: context.RequestContext, certificate_id: str) -> str:
    """:returns: the certificate in DER form, as base64 text"""
    certificate = _cursive(_read_certificate, ctxt, certificate_id)
    return base64.b64encode(certificate.public_bytes(
        serialization.Encoding.DER)).decode('ascii')


def _read_certificate(ctxt: context.RequestContext, certificate_id: str
                      ) -> x509.Certificate:
    from cursive import certificate_utils
    from cursive import signature_utils
    trusted = CONF.image_signatures.trusted_certificates
    _check_key_manager()
    if trusted:
        certificate_utils.verify_certificate(ctxt, certificate_id, trusted)
    return signature_utils.get_certificate(ctxt, certificate_id)


def _check_key_manager() -> None:
    """cursive loads it for each certificate; what it raises then is taken
    for an error of the certificate.
    """
    from castellan import key_manager
    try:
        key_manager.API(CONF)
    except Exception:
        LOG.exception('The key manager cannot be loaded')
        raise exceptions.ServiceUnavailable(
            'The key manager cannot be asked.') from None


def _cursive(function: Callable[..., typing.Any], *args: typing.Any
             ) -> typing.Any:
    """Call into cursive and castellan, with our errors."""
    from castellan.common import exception as castellan_exceptions
    from cursive import exception as cursive_exceptions
    try:
        return function(*args)
    except (cursive_exceptions.CursiveException,
            castellan_exceptions.CastellanException, ValueError) as error:
        LOG.info('A signature is refused: %s', error)
        raise exceptions.SignatureInvalid(
            'The signature of the image cannot be verified: %s'
            % getattr(error, 'message', 'it is malformed')) from None
    except exceptions.GlanceError:
        raise
    except Exception:
        LOG.exception('The key manager cannot be asked')
        raise exceptions.ServiceUnavailable(
            'The key manager cannot be asked at the moment.') from None
