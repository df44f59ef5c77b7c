"""Members of a shared image: list, create, get, update, delete."""

from glance.api.checks import access
from glance.api import request
from glance.api.schemas import member as schema
from glance.api import services
from glance.api import views
from glance.api.views import members as view
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import image as image_types
from glance import policy


@request.no_body
def list_(req: request.Request, image_id: str) -> views.View:
    ctxt = req.context
    image = _get_shared(ctxt, image_id, 'get_members')
    members = services.registry().members.list(ctxt, image['id'])
    return view.list_([member for member in members
                       if _is_allowed(ctxt, 'get_member', image,
                                      member['member_id'])])


def create(req: request.Request, image_id: str) -> views.View:
    ctxt = req.context
    member_id = schema.new_member_id(req.read_json())
    image = _get_shared(ctxt, image_id, 'add_member')
    member = services.registry().members.create(
        ctxt, image['id'], member_id, CONF.image_member_quota,
        services.stores().have_readers)
    return view.show(member)


@request.no_body
def get(req: request.Request, image_id: str, member_id: str) -> views.View:
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'get_image')
    if (image['visibility'] != 'shared'
            or not schema.is_member_id(member_id)
            or not _is_allowed(ctxt, 'get_member', image, member_id)):
        raise _not_a_member(image_id, member_id)
    return view.show(services.registry().members.get(ctxt, image['id'],
                                                     member_id))


def update(req: request.Request, image_id: str, member_id: str) -> views.View:
    ctxt = req.context
    status = schema.new_status(req.read_json())
    image = _get_shared(ctxt, image_id)
    _authorize(ctxt, 'modify_member', image, member_id)
    member = services.registry().members.update(ctxt, image['id'], member_id,
                                                status)
    return view.show(member)


@request.no_body
def delete(req: request.Request, image_id: str, member_id: str) -> None:
    ctxt = req.context
    image = _get_shared(ctxt, image_id)
    _authorize(ctxt, 'delete_member', image, member_id)
    services.registry().members.delete(ctxt, image['id'], member_id,
                                       services.stores().have_readers)


def _get_shared(ctxt: context.RequestContext, image_id: str, *rules: str
                ) -> image_types.Image:
    image = access.get_image(ctxt, image_id, 'get_image', *rules)
    if image['visibility'] != 'shared':
        raise exceptions.Forbidden(
            'Only shared images have members; image %s is %s.'
            % (image_id, image['visibility']))
    return image


def _is_allowed(ctxt: context.RequestContext, rule: str,
                image: image_types.Image, member_id: str) -> bool:
    target = policy.image_target(image)
    target['member_id'] = member_id
    return policy.check(ctxt, rule, target)


def _authorize(ctxt: context.RequestContext, rule: str,
               image: image_types.Image, member_id: str) -> None:
    """404 for a membership the caller may not see, 403 for one it may not
    change.
    """
    if not (schema.is_member_id(member_id)
            and _is_allowed(ctxt, 'get_member', image, member_id)):
        raise _not_a_member(image['id'], member_id)
    try:
        policy.authorize_image(ctxt, rule, image, as_member=member_id)
    except exceptions.Forbidden:
        # To the owner, who is no member is not there rather than forbidden.
        services.registry().members.get(ctxt, image['id'], member_id)
        raise


def _not_a_member(image_id: str, member_id: str) -> exceptions.NotFound:
    return exceptions.NotFound('%s is not a member of image %s.'
                               % (member_id[:64], image_id))
