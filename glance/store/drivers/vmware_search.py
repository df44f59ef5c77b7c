"""What is in the image folder of a datastore, as vCenter finds it."""

from collections.abc import Iterator
import typing

from oslo_vmware import exceptions as theirs
from oslo_vmware import vim_util


class File(typing.NamedTuple):
    """:ivar size: bytes
    :ivar changed: seconds since the epoch
    """

    name: str
    size: int
    changed: float


def files(session: typing.Any, datastore: typing.Any, folder: str
          ) -> Iterator[File]:
    """:param session: of oslo.vmware
    :param folder: path in the datastore; none there has no files
    :raises VMwareDriverException: vCenter does not say
    """
    browser = session.invoke_api(
        vim_util, 'get_object_property', session.vim, datastore.ref,
        'browser')
    task = session.invoke_api(
        session.vim, 'SearchDatastore_Task', browser,
        datastorePath='[%s] %s' % (datastore.name, folder.strip('/')),
        searchSpec=_everything(session.vim.client.factory))
    try:
        found = session.wait_for_task(task).result
    except theirs.FileNotFoundException:
        return
    for file in getattr(found, 'file', ()):
        yield File(str(file.path), int(file.fileSize),
                   file.modification.timestamp())


def _everything(factory: typing.Any) -> typing.Any:
    spec = factory.create('ns0:HostDatastoreBrowserSearchSpec')
    spec.matchPattern = ['*']
    spec.details = factory.create('ns0:FileQueryFlags')
    spec.details.fileType = spec.details.fileOwner = False
    spec.details.fileSize = spec.details.modification = True
    return spec
