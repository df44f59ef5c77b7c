"""TLS of the HTTP service, by the ssl module."""

import ssl

from glance.conf import errors


def context(options):
    """The settings for new connections; the files are read now.

    :param options: cert_file, key_file and ca_file
    :returns: ssl.SSLContext, None for plain HTTP
    :raises ConfigurationError: a file is missing or not what it should be
    """
    if not options.cert_file:
        if options.key_file or options.ca_file:
            raise errors.ConfigurationError(
                'key_file and ca_file need cert_file')
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(options.cert_file, options.key_file, password='')
        if options.ca_file:
            made.load_verify_locations(options.ca_file)
            made.verify_mode = ssl.CERT_REQUIRED
    except OSError as error:
        raise errors.ConfigurationError(
            'cert_file, key_file or ca_file cannot be used: %s' % error)
    return made
