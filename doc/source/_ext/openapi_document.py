"""Puts openapi.json, made from the code, beside the pages."""

import json
import os


def write(app, error):
    if error or app.builder.format != 'html':
        return
    from glance.api.openapi import document
    from glance.api import routes
    from glance.api.v2 import router
    from glance.conf import CONF
    CONF([], project='glance', default_config_files=[],
         default_config_dirs=[])
    document = document.document(router.described(routes.ROUTES))
    with open(os.path.join(app.outdir, 'api', 'openapi.json'), 'w') as file:
        json.dump(document, file, indent=1)


def setup(app):
    app.connect('build-finished', write)
    return {'parallel_read_safe': True, 'parallel_write_safe': True}
