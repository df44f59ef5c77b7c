"""Locations as older releases wrote them, put right when they are read."""

_S3 = ('s3', 's3+http', 's3+https')


def repaired(stores, location):
    """What the location should say.

    The store is the one that the URL leads into, whatever its id was when the
    data was written; credentials are no part of a URL any more; the URL of a
    volume names its store.

    :param stores: `glance.store.registry.Stores`
    :param location: dict with `url` and `metadata`
    :returns: {"url", "metadata"}
    """
    url, metadata = _without_credentials(location['url']), location['metadata']
    if stores.multi:
        store = _store_of(stores, url, metadata.get('store'))
        if store is not None:
            url = _with_store(url, store)
            metadata = dict(metadata, store=store.id)
    return {'url': url, 'metadata': metadata}


def repairs(stores, locations):
    """What to write where locations do not say what they should.

    :returns: [(location, as `repaired`), ...]
    """
    pairs = [(location, repaired(stores, location)) for location in locations]
    return [(old, new) for old, new in pairs
            if any(old[name] != value for name, value in new.items())]


def _without_credentials(url):
    scheme, colon, rest = url.partition('://')
    if scheme in _S3 and '@' in rest:
        rest = rest.rpartition('@')[2]
    return scheme + colon + rest


def _store_of(stores, url, store_id):
    named = [store for store in stores if store.id == store_id]
    if named and (named[0].owns(url) or _is_short(url)):
        return named[0]
    for store in stores:
        if store.owns(url):
            return store
    fitting = [store for store in stores if url.split(':')[0] in store.schemes]
    return fitting[0] if _is_short(url) and len(fitting) == 1 else None


def _is_short(url):
    """Whether it is the URL of a volume without the store it is in."""
    return url.startswith('cinder://') and '/' not in url[len('cinder://'):]


def _with_store(url, store):
    if _is_short(url):
        return 'cinder://%s/%s' % (store.id, url[len('cinder://'):])
    return url
