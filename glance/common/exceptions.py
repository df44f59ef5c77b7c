"""Errors of the service: each class knows its HTTP status.

An error raised in the registry or the conductor crosses the bus by class name
and message and is raised again as the same class in the caller; the API turns
it into a response in one place (`glance.api.faults`). Messages are shown to
users: no credentials, no store URLs.
"""


class GlanceError(Exception):
    """Base class; `message` is the text for the user.

    :param message: what went wrong and why; the class default when omitted
    """

    status = 500
    default = 'The service met an unexpected condition.'

    def __init__(self, message=None):
        self.message = message or self.default
        super().__init__(self.message)


class BadRequest(GlanceError):
    status = 400
    default = 'The request is not valid.'


class InvalidMarker(BadRequest):
    default = 'The marker is not a visible entry of this list.'


class UploadBroken(BadRequest):
    """The body ended early, was longer than announced or badly framed."""

    default = 'The request body is incomplete or badly framed.'


class SignatureInvalid(BadRequest):
    """The data is not what the owner of the certificate has signed."""

    default = 'The signature does not belong to the image data.'


class Unauthorized(GlanceError):
    status = 401
    default = 'Authentication is required.'


class Forbidden(GlanceError):
    status = 403
    default = 'You are not allowed to do this.'


class NotFound(GlanceError):
    status = 404
    default = 'The resource could not be found.'


class ImageNotFound(NotFound):
    def __init__(self, message=None, image_id=None):
        super().__init__(message or 'No image found with ID %s' % image_id)


class MethodNotAllowed(GlanceError):
    """:param allowed: the verbs the path knows, for the Allow header"""

    status = 405
    default = 'The method is not allowed for this resource.'

    def __init__(self, message=None, allowed=()):
        super().__init__(message)
        self.allowed = tuple(allowed)


class Conflict(GlanceError):
    status = 409
    default = 'The request conflicts with the state of the resource.'


class Duplicate(Conflict):
    """There is one of that name already."""


class InvalidStatusTransition(Conflict):
    """The state machine has no such change."""


class LeaseLost(Conflict):
    """The worker's lease ran out or a newer attempt has taken over."""

    default = 'Another worker has taken over this work.'


class DataDamaged(Conflict):
    """What the stores have of an image is not what was stored."""

    default = ('The stored data of the image is damaged in every store that '
               'has it.')


class BadLocation(Conflict):
    """The URL of a location is none that its store has ever written."""

    default = ('A location of the image is not one that its store has made; '
               'what it names is neither read nor removed.')


class InUseByStore(Conflict):
    default = 'The image data is in use and cannot be deleted.'


class Gone(GlanceError):
    status = 410
    default = 'The image was deleted during the upload.'


class LimitExceeded(GlanceError):
    status = 413
    default = 'A limit of the service or of the project is exceeded.'


class StorageFull(LimitExceeded):
    default = 'There is not enough space in the store.'


class SpaceBeingFreed(LimitExceeded):
    """There will be room when deleted data has been removed."""


class UnsupportedMediaType(GlanceError):
    """:param accept_patch: media types for the Accept-Patch header"""

    status = 415
    default = 'The media type is not supported.'

    def __init__(self, message=None, accept_patch=()):
        super().__init__(message)
        self.accept_patch = tuple(accept_patch)


class ContentRejected(UnsupportedMediaType):
    """The data is not what the image says it is, or is unsafe."""

    default = 'The image data does not match its declared format.'


class RangeNotSatisfiable(GlanceError):
    """:param size: length of the whole in bytes, for Content-Range"""

    status = 416
    default = 'The requested range cannot be satisfied.'

    def __init__(self, message=None, size=None):
        super().__init__(message)
        self.size = size


class MethodUnknown(GlanceError):
    status = 501
    default = 'The HTTP method is not known.'


class UploadFailed(GlanceError):
    """The service has failed when data was on its way.

    The client may have no second copy of what it has sent: clients repeat a
    request by themselves after 503, so this is no 503.
    """

    status = 502
    default = 'The data could not be stored; send it again from its beginning.'


class ServiceUnavailable(GlanceError):
    """:param retry_after: seconds for the Retry-After header"""

    status = 503
    default = 'The service is not available at the moment, try again later.'
    retry_after = 5

    def __init__(self, message=None, retry_after=None):
        super().__init__(message)
        if retry_after is not None:
            self.retry_after = retry_after


class RegistryUnavailable(ServiceUnavailable):
    default = 'The image registry cannot be reached, try again later.'


class CallOutdated(RegistryUnavailable):
    """A write arrived when its caller had stopped waiting, as it seems.

    :param now_ms: the time there, for a caller who has another one
    """

    default = ('A call came when its caller did not wait any more, and has '
               'had no effect.')

    def __init__(self, message=None, now_ms=None):
        super().__init__(message)
        self.now_ms = now_ms


class DatabaseUnavailable(ServiceUnavailable):
    default = 'The image database cannot be reached, try again later.'


class ConductorUnavailable(ServiceUnavailable):
    default = 'The image conductor cannot be reached, try again later.'


class StoreUnavailable(ServiceUnavailable):
    default = 'The image store cannot be reached, try again later.'
