"""How the release notes are built."""

project = 'Glance release notes'
copyright = 'OpenStack contributors'

extensions = ['openstackdocstheme', 'reno.sphinxext']
html_theme = 'openstackdocs'
pygments_style = 'native'

openstackdocs_repo_name = 'openstack/glance'
openstackdocs_bug_project = 'glance'
openstackdocs_auto_name = False
