"""How the documentation is built."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '_ext'))

project = 'glance'
copyright = 'OpenStack contributors'

extensions = [
    'mistake_table',
    'openapi_document',
    'openstackdocstheme',
    'oslo_config.sphinxext',
    'oslo_policy.sphinxext',
    'reno.sphinxext',
    'room_table',
    'route_table',
]
exclude_patterns = []
html_static_path = ['_static']
html_theme = 'openstackdocs'
pygments_style = 'native'

openstackdocs_repo_name = 'openstack/glance'
openstackdocs_bug_project = 'glance'
openstackdocs_auto_name = False
