"""Who may do what: the rules of `glance.policies` and of the operator's file.

oslo.policy costs some 0.2 ms a check, mostly to look at its files and to
inspect its own callables. Therefore decisions are remembered by what the rule
can see: the attributes of caller and target that its text names. The files are
looked at once a second; a change forgets all decisions.
"""

import os
import threading
import time

from oslo_config import cfg
from oslo_log import log as logging
from oslo_policy import policy

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import errors
from glance import policies
from glance import policy_inputs

LOG = logging.getLogger(__name__)

_FRESHNESS = 1.0
_MEMO_SIZE = 10000

# With the old, open defaults these need the owner or an administrator.
_OWNER_RULES = frozenset((
    'add_image', 'modify_image', 'delete_image', 'upload_image',
    'set_image_location', 'delete_image_location', 'communitize_image',
    'deactivate', 'reactivate', 'add_member', 'delete_member'))
_MEMBER_RULES = frozenset(('get_member', 'get_members', 'modify_member'))


class Decider:
    """An enforcer of oslo.policy with a memory.

    :param enforcer: oslo_policy.policy.Enforcer with the rules registered
    :param clock: seconds, for tests
    """

    def __init__(self, enforcer, clock=time.monotonic):
        self._enforcer = enforcer
        self._clock = clock
        self._lock = threading.Lock()
        self._checked = None
        self._signature = None
        self._memo = {}
        self._inputs = {}

    def load(self):
        """:raises Exception: the files cannot be read"""
        self._refresh()

    def decide(self, ctxt, rule, target):
        """True when the rule allows it."""
        self._refresh()
        # A reload replaces the memory; a decision made by the rules of before
        # must not get into the new one.
        memo = self._memo
        inputs = self._seen_by(rule)
        if not inputs.complete:
            return self._ask(ctxt, rule, target)
        key = inputs.key(rule, ctxt, target)
        allowed = memo.get(key)
        if allowed is None:
            allowed = self._ask(ctxt, rule, target)
            if len(memo) >= _MEMO_SIZE:
                memo.clear()
            memo[key] = allowed
        return allowed

    def is_known(self, rule):
        self._refresh()
        return rule in self._enforcer.rules

    def is_overridden(self, rule):
        """Whether the operator's files say something about the rule."""
        self._refresh()
        return not self._enforcer.file_rules.keys().isdisjoint(
            self._seen_by(rule).rules)

    def _seen_by(self, rule):
        inputs = self._inputs.get(rule)
        if inputs is None:
            inputs = self._inputs[rule] = policy_inputs.of(
                self._enforcer.rules, rule)
        return inputs

    def _ask(self, ctxt, rule, target):
        return bool(self._enforcer.enforce(
            rule, target, policy_inputs.credentials(ctxt)))

    def _refresh(self):
        now = self._clock()
        if self._checked is not None and now - self._checked < _FRESHNESS:
            return
        with self._lock:
            self._checked = now
            signature = self._files()
            if signature != self._signature:
                self._load(first=self._signature is None)
                self._signature = signature

    def _load(self, first):
        try:
            self._enforcer.load_rules(force_reload=True)
        except Exception:
            # A file that is just being written must not open or close the
            # service: the rules stay, until the file changes again.
            if first:
                raise
            LOG.exception('The policy files cannot be read; the rules of '
                          'before stay in force.')
        # From here on the enforcer does not look at its files by itself.
        self._enforcer.use_conf = False
        self._memo = {}
        self._inputs = {}

    def _files(self):
        """Time and size of every file that rules may come from."""
        section = CONF.oslo_policy
        found = [section.enforce_new_defaults]
        for name in [self._enforcer.policy_file, *section.policy_dirs]:
            path = CONF.find_file(name) if name else None
            if path:
                found += _stamps(path)
        return found


def _stamps(path):
    paths = [path]
    if os.path.isdir(path):
        paths += sorted(os.path.join(path, name) for name in os.listdir(path))
    stamps = []
    for name in paths:
        try:
            status = os.stat(name)
        except OSError:
            continue
        stamps.append((name, status.st_mtime_ns, status.st_size,
                       status.st_ino))
    return stamps


_decider = None
_enforcer = None


def get_enforcer():
    """For the tools of oslo.policy: the rules with the operator's files."""
    global _enforcer
    if _enforcer is None:
        enforcer = policy.Enforcer(CONF, policy_file=_policy_file())
        enforcer.register_defaults(policies.list_rules())
        # Each rule whose default has become stricter would say so at every
        # start, for defaults the operator has not touched.
        enforcer.suppress_default_change_warnings = True
        _enforcer = enforcer
    return _enforcer


def _policy_file():
    """The configured file, or one of an old installation.

    Rules in a policy.json that is left over from before must not be dropped
    in silence, they may be stricter than the defaults.
    """
    name = CONF.oslo_policy.policy_file
    if (name == 'policy.yaml' and not CONF.find_file(name)
            and CONF.find_file('policy.json')):
        LOG.warning('Reading the rules of policy.json; please rename it to '
                    'policy.yaml.')
        return 'policy.json'
    return name


def reset():
    """Forget rules and decisions; the options are read again."""
    global _decider, _enforcer
    _decider = _enforcer = None


def load():
    """Read the files now, so that broken ones show before anybody asks.

    :raises ConfigurationError: they cannot be used
    """
    try:
        _get_decider().load()
    except (OSError, ValueError, policy.InvalidDefinitionError,
            cfg.Error) as error:
        raise errors.ConfigurationError(
            'The policy files cannot be used: %s' % error) from error


def check(ctxt, rule, target=None):
    """Does the rule allow it?

    :param ctxt: RequestContext of the caller
    :param rule: name in `glance.policies` or in the operator's file
    :param target: dict of the attributes of what is acted on
    """
    return _get_decider().decide(ctxt, rule, target or {})


def is_known(rule):
    """Whether there is such a rule, declared or in the operator's files."""
    return _get_decider().is_known(rule)


def is_overridden(rule):
    """Whether the operator's files change the rule, or one it refers to."""
    return _get_decider().is_overridden(rule)


def _get_decider():
    global _decider
    if _decider is None:
        _decider = Decider(get_enforcer())
    return _decider


def authorize(ctxt, rule, target=None):
    """:raises Forbidden: the rule does not allow it"""
    if not check(ctxt, rule, target):
        raise _forbidden(rule)


def authorize_image(ctxt, rule, image, as_member=None):
    """Decide on an existing image; what may not be seen is not there.

    :param image: image dict as the registry returns it
    :param as_member: member id, for the rules of members
    :raises ImageNotFound: the rule and `get_image` deny
    :raises Forbidden: the rule denies, the image may be seen
    """
    target = image_target(image)
    if as_member is not None:
        target['member_id'] = as_member
    if check(ctxt, rule, target) and _is_owned(ctxt, rule, target):
        return
    if rule != 'get_image' and check(ctxt, 'get_image', image_target(image)):
        raise _forbidden(rule)
    raise exceptions.ImageNotFound(image_id=image['id'])


def image_target(image):
    """What rules may name of an image.

    The custom properties come first, so that none of them can pose as a base
    attribute. An absent project is an empty text: as None it would be equal
    to the absent project of an anonymous caller.
    """
    target = dict(image.get('properties') or {})
    target.update(image)
    owner = image.get('owner') or ''
    target.update(owner=owner, project_id=owner, tenant=owner,
                  image_id=image.get('id'),
                  member_id=image.get('member') or '')
    # oslo.policy logs whole targets; the URLs may hold credentials.
    target.pop('locations', None)
    return target


def authorize_create(ctxt, image):
    """Decide on a new image, before it exists.

    :param image: dict with the wanted `owner` and `visibility`
    :raises Forbidden:
    """
    target = create_target(ctxt, image)
    if not (check(ctxt, 'add_image', target)
            and _is_owned(ctxt, 'add_image', target)):
        raise _forbidden('add_image')
    authorize_visibility(ctxt, image.get('visibility'), target)


def create_target(ctxt, image):
    return {'project_id': ctxt.project_id or '',
            'owner': image.get('owner') or '',
            'visibility': image.get('visibility') or 'private'}


def authorize_visibility(ctxt, visibility, target):
    """Making an image public or community has a rule of its own."""
    if visibility == 'public':
        authorize(ctxt, 'publicize_image', target)
    elif visibility == 'community':
        authorize(ctxt, 'communitize_image', target)


def _is_owned(ctxt, rule, target):
    if CONF.oslo_policy.enforce_new_defaults or ctxt.is_admin:
        return True
    project = ctxt.project_id
    if rule in _OWNER_RULES:
        return bool(project) and project == target['owner']
    if rule in _MEMBER_RULES:
        return bool(project) and project in (target['owner'],
                                             target.get('member_id'))
    return True


def _forbidden(rule):
    return exceptions.Forbidden(
        'You are not authorized to complete %s action.' % rule)
