"""Location URLs as they were stored under `metadata_encryption_key`.

AES in CBC mode; the text is url-safe base64 of a random IV and the cipher
text. The plain text is padded to whole blocks by a NUL and random letters.
"""

import base64
import binascii
import os

from cryptography.hazmat.primitives import ciphers
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers import modes

from glance.conf import CONF

BLOCK = 16


def _cipher(key: str, iv: bytes) -> ciphers.Cipher[modes.CBC]:
    return ciphers.Cipher(algorithms.AES(key.encode()), modes.CBC(iv))


def encrypt(url: str) -> str:
    """:returns: the form to store; the URL itself when no key is set"""
    key = CONF.metadata_encryption_key
    if not key:
        return url
    plain = url.encode() + b'\0'
    missing = -len(plain) % BLOCK
    plain += base64.b64encode(os.urandom(missing))[:missing]
    iv = os.urandom(BLOCK)
    worker = _cipher(key, iv).encryptor()
    data = iv + worker.update(plain) + worker.finalize()
    return base64.urlsafe_b64encode(data).decode()


def decrypt(stored: str) -> str:
    """:returns: the URL; `stored` itself when it is not encrypted

    A database may hold both forms, because the key may have been set late. A
    URL has a scheme and is never valid base64.
    """
    key = CONF.metadata_encryption_key
    if not key or '://' in stored:
        return stored
    try:
        data = base64.urlsafe_b64decode(stored)
        worker = _cipher(key, data[:BLOCK]).decryptor()
        plain = worker.update(data[BLOCK:]) + worker.finalize()
        return plain[:plain.rindex(b'\0')].decode()
    except (binascii.Error, ValueError):
        return stored
