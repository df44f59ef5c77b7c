"""Images as volumes of Cinder, which are found by their names.

While it is written the name of a volume holds image and attempt; `settle`
gives it the name it has for good.
"""

from collections.abc import Iterator, Sequence
import copy
import datetime
import functools
import re
import time
import types
import typing
import weakref

from glance_store._drivers.cinder import store as their_driver
from glance_store.common import fs_mount
from glance_store.common import utils as their_utils
from glance_store import exceptions as theirs
from glance_store import location
from oslo_concurrency import lockutils
from oslo_privsep import comm
from oslo_privsep import daemon

from glance.common import concurrency
from glance.common import context as contexts
from glance.common import exceptions
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import silence
from glance.store.drivers import store_errors
from glance.store import object_names
from glance.store import places

_API = '3.54'
_ID = r'[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'
_VOLUME = re.compile(_ID)
_LOCATION = re.compile(r'cinder://(?:[^/]+/)?(%s)' % _ID)
# Before the name of an image, in that of a volume.
_BEFORE = 'image-'
_SOME = 100
_LOOK = 0.5         # seconds

try:
    from os_brick.initiator.connectors import base as brick
    from os_brick.initiator import utils as brick_utils
    from os_brick import privileged
except ImportError:
    # The driver says so, when it is configured.
    _LOCKING, _HELPERS = [fs_mount], []
else:
    _LOCKING = [fs_mount, brick, brick_utils]
    _HELPERS = [privileged.default, privileged.brick_privsep_hide_output]

_lock = concurrency.native.threading.Lock()


class _Semaphores(lockutils.Semaphores):
    """Native ones."""

    def __init__(self) -> None:
        self._semaphores: weakref.WeakValueDictionary[str, typing.Any] = (
            weakref.WeakValueDictionary())

    def get(self, name: str) -> typing.Any:
        with _lock:
            return self._semaphores.setdefault(
                name, concurrency.native.threading.Semaphore())


_semaphores = _Semaphores()
_synchronized = functools.partial(lockutils.synchronized,
                                  semaphores=_semaphores)


def _locked(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
    return lockutils.lock(*args, **dict(kwargs, semaphores=_semaphores))


@functools.cache
def _wait_natively() -> None:
    """Native threads do all that concerns volumes, and wait for each other.

    With green locks, one of them would wait for ever where another one holds
    what it wants. The helper that becomes root is spoken to by one thread for
    all: as a greenlet it would live in the native thread that came first, and
    others would wait for it in vain.
    """
    for module in (comm, daemon):
        module.threading = concurrency.native.threading
        module.socket = concurrency.native.socket
    for helper in _HELPERS:
        helper.start_lock = concurrency.native.threading.Lock()
    for module in _LOCKING:
        module.lockutils = types.SimpleNamespace(**dict(
            vars(lockutils), lock=_locked, synchronized=_synchronized))
    their_utils.synchronized = functools.partial(
        _synchronized, lock_file_prefix='glance_store-')


# Who asks Cinder, and where.
_ACCOUNT = tuple('cinder_' + name for name in (
    'store_auth_address', 'store_user_name', 'store_password',
    'store_user_domain_name', 'store_project_name',
    'store_project_domain_name', 'store_application_credential_id',
    'store_application_credential_secret', 'api_insecure',
    'ca_certificates_file'))
_their_session = their_driver.get_cinder_session
_sessions: dict[tuple[object, ...], typing.Any] = {}


def _session_of(conf: object) -> typing.Any:
    """The driver makes one in a process: further stores would act with the
    account of the first one. Beside a hub, the locks of a session let only
    the thread wait that has made it, so each native thread has one.
    """
    account = (concurrency.in_native_thread()
               and concurrency.native.threading.get_ident(),
               *(getattr(conf, name, None) for name in _ACCOUNT))
    with _lock:
        their_driver.CINDER_SESSION = _sessions.get(account)
        return _sessions.setdefault(account, _their_session(conf))


their_driver.get_cinder_session = _session_of
their_driver.ksa_session = types.SimpleNamespace(Session=silence.Session)


class Driver(adapter.Driver):

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:
        if concurrency.is_green():
            _wait_natively()
        super().__init__(*args, **kwargs)

    def find_place(self, url: str) -> places.Place:
        """Volumes do not tell whose image they are. The URL names the store,
        where there are several, but did not always do so.
        """
        prefix = self._prefix()
        name = url.removeprefix(prefix).removeprefix('cinder://')
        if url not in (prefix + name, 'cinder://' + name) or (
                not _VOLUME.fullmatch(name)):
            raise exceptions.BadLocation()
        return places.Place(self.id, name, url=prefix + name)

    def _prefix(self) -> str:
        return 'cinder://%s/' % self._group if self._group else 'cinder://'

    def _client(self, context: contexts.Caller | None = None) -> typing.Any:
        return self._store.get_cinderclient(context, version=_API)

    def _ask(self, timeout: float) -> None:
        if not self._store.is_user_overriden():
            # Only users have credentials, and these may not wait.
            return
        client = self._client()
        # With the token that it has.
        session = copy.copy(client.client.session)
        session.timeout = timeout
        client.client.session = session
        client.client.retries = 0
        client.volumes.list(detailed=False, limit=1)

    @staticmethod
    def _acting(context: contexts.Caller | None) -> contexts.Caller:
        """The driver asks whose image it is, and notes that."""
        if context is not None and context.project_id:
            return context
        return contexts.RequestContext(user_id='', project_id='')

    def _write(self, image_id: str, attempt: str, source: driver.Source,
               size: int | None, context: contexts.Caller | None
               ) -> driver.Written:
        return self._add(self._name(image_id, attempt), source, size,
                         self._acting(context))

    def _volumes(self, client: typing.Any, image_id: str, attempt: str
                 ) -> Sequence[typing.Any]:
        name = _BEFORE + self._name(image_id, attempt)
        return [volume for volume in client.volumes.list(
            search_opts={'name': name}) if volume.name == name]

    def settle(self, image_id: str, attempt: str) -> None:
        with store_errors.translated(self.id, 'settle'):
            client = self._client()
            for volume in self._volumes(client, image_id, attempt):
                volume.update(name=_BEFORE + image_id)
                client.volumes.set_metadata(
                    volume, {'glance_image_id': image_id})

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        """A volume on its way into another state is tried again later."""
        self.demand()
        with store_errors.translated(self.id, 'discard'):
            client = self._client()
            for volume in self._volumes(client, image_id, attempt):
                if volume.status != 'deleting':
                    self._detach(client, volume)
                    volume.delete()

    @staticmethod
    def _detach(client: typing.Any, volume: typing.Any) -> None:
        """A killed writer is still on record as one who uses the volume."""
        for attachment in client.attachments.list(
                search_opts={'volume_id': volume.id}):
            client.attachments.delete(attachment.id)

    def is_same(self, url: str, other: str) -> bool:
        """An id is that of one volume, whichever store a URL names: stores
        of one account see each other's volumes.
        """
        one, another = map(_LOCATION.fullmatch, (url, other))
        return bool(one and another and one[1] == another[1])

    def list(self) -> Iterator[driver.Found] | None:
        """Volumes of whoever asks are for nobody else to see."""
        return self._list() if self._store.is_user_overriden() else None

    def _list(self) -> Iterator[driver.Found]:
        self.demand()
        marker = None
        # All of them first: what is removed meanwhile marks no page.
        found: list[driver.Found] = []
        with store_errors.translated(self.id, 'list'):
            client = self._client()
            while volumes := client.volumes.list(marker=marker, limit=_SOME):
                marker = volumes[-1].id
                found += filter(None, map(self._look, volumes))
        yield from found

    def _look(self, volume: typing.Any) -> driver.Found | None:
        """Cinder has copies of images, too, for its own use and named like
        ours; but it does not note their sizes.
        """
        before, ours, rest = (volume.name or '').partition(_BEFORE)
        name = object_names.parse(rest) if ours and not before else None
        if name is None or name.segment or volume.status == 'deleting' or (
                'image_size' not in volume.metadata):
            return None
        changed = datetime.datetime.fromisoformat(
            volume.updated_at or volume.created_at)
        return driver.Found(
            name.image_id, name.attempt, self._prefix() + volume.id,
            volume.size << 30,
            changed.replace(tzinfo=datetime.timezone.utc).timestamp())

    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> driver.Written | None:
        self.demand()
        return self._kept(image_id, attempt, self._clone,
                          self._place(url).volume_id, image_id, attempt,
                          self._acting(context))

    def _clone(self, volume_id: str, image_id: str, attempt: str,
               context: contexts.Caller) -> driver.Written:
        client = self._client(context)
        origin = client.volumes.get(volume_id)
        volume = client.volumes.create(
            origin.size, source_volid=volume_id,
            name=_BEFORE + self._name(image_id, attempt),
            metadata=dict(origin.metadata, glance_image_id=image_id,
                          image_owner=context.project_id))
        self._wait(client, volume.id)
        client.volumes.update_readonly_flag(volume.id, True)
        return driver.Written(self._prefix() + volume.id, dict(self.metadata))

    def _wait(self, client: typing.Any, volume_id: str) -> None:
        limit = self._store.store_conf.cinder_state_transition_timeout
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            status = client.volumes.get(volume_id).status
            if status == 'available':
                return
            if status != 'creating':
                break
            time.sleep(_LOOK)
        raise exceptions.StoreUnavailable()

    def _open(self, place: location.Location, offset: int, length: int | None,
              context: contexts.Caller | None) -> driver.Reader:
        self._volume(place, context)
        return super()._open(place, offset, length, context)

    def _size(self, place: location.Location, context: contexts.Caller | None
              ) -> int:
        """The driver answers 0 for any failure."""
        volume = self._volume(place, context)
        return int(volume.metadata.get('image_size', volume.size << 30))

    def _volume(self, place: location.Location,
                context: contexts.Caller | None) -> typing.Any:
        """One that is being deleted, which takes a while, is there no more."""
        try:
            volume = self._client(context).volumes.get(
                place.store_location.volume_id)
        except their_driver.cinder_exception.NotFound:
            raise theirs.NotFound() from None
        if volume.status == 'deleting':
            raise theirs.NotFound()
        return volume
