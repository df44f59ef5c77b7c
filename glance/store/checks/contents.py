"""What data is called that is not what an image says it is.

Only words for people come of it: nothing is accepted or refused by them.
"""

_FORMATS = {'gpt': 'a disk with partitions (raw)',
            'luks': 'an encrypted disk (luks)'}
_UNKNOWN = 'in none of the formats known here (raw)'
# Of data in no format of disks: where something is, what it is. A boot sector
# is the last one, as kernels have one.
_SIGNS = (
    (0, b'\x1f\x8b', 'compressed with gzip'),
    (0, b'\xfd7zXZ\0', 'compressed with xz'),
    (0, b'BZh', 'compressed with bzip2'),
    (0, b'\x28\xb5\x2f\xfd', 'compressed with zstd'),
    (0, b'\x04\x22\x4d\x18', 'compressed with lz4'),
    (0, b'\x02\x21\x4c\x18', 'compressed with lz4'),
    (0, b'PK\x03\x04', 'a zip archive'),
    (0, b'7z\xbc\xaf\x27\x1c', 'a 7z archive'),
    (257, b'ustar', 'a tar archive, as those of ova and docker are'),
    (0, b'070701', 'a cpio archive'),
    (514, b'HdrS', 'a kernel'),
    (56, b'ARMd', 'a kernel'),
    (510, b'\x55\xaa', 'a disk with a boot sector (raw)'))
_PAGES = (b'<!doctype html', b'<html')


def name(found: str, head: bytes) -> str:
    """:param found: name of the format that was detected
    :param head: how the data begins
    :returns: words that follow "its data is"
    """
    if found != 'raw':
        return _FORMATS.get(found, found)
    if head.lstrip().lower().startswith(_PAGES):
        return 'an HTML page'
    return next((words for offset, sign, words in _SIGNS
                 if head.startswith(sign, offset)), _UNKNOWN)
