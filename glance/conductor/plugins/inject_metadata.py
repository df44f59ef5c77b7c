"""inject_image_metadata: properties that imported images get."""

from glance.conductor.plugins import staged_data
from glance.conf import CONF
from glance.objects import properties


class Plugin:

    def run(self, staged: staged_data.Staged) -> None:
        options = CONF.inject_metadata_properties
        ignored = {role.lower() for role in options.ignore_user_roles}
        if ignored & {role.lower() for role in staged.roles}:
            return
        staged.set_properties({
            name: value for name, value in options.inject.items()
            if properties.is_custom(name)})
