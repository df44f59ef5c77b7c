"""Run tempest and its plugin for Image services on a cloud of our own.

    python -m tests.tempest [PROFILE...]

Each profile ends with a line `tempest PROFILE: N passed, N failed, N skipped`,
after the reasons of what was skipped and the output of what has failed.
"""

import os
import signal
import subprocess
import sys

from tests.fixtures.servers import nginx
from tests.fixtures import venvs
from tests.tempest import cloud
from tests.tempest import profiles
from tests.tempest import runs

_REQUIREMENTS = ['tempest>=47,<48', 'glance-tempest-plugin>=0.17,<0.18']


def main(names):
    # Ended by a signal, the programs still have to be stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    programs = os.path.join(venvs.directory('published', _REQUIREMENTS), 'bin')
    results = [_run(programs, profiles.PROFILES[name])
               for name in names or profiles.PROFILES]
    return 0 if all(results) else 1


def _run(programs, profile):
    """:returns: whether all went as the profile wants"""
    with nginx.Nginx() as web:
        web.add('image.raw', os.urandom(256 * 1024))
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2',
                        web.work.join('files', 'image.qcow2'), '1M'],
                       check=True)
        with cloud.Cloud(web, profile.options) as running:
            run = runs.Run(programs, running.work.join('tempest'),
                           profiles.config(running, web, profile))
            result = run.run(profile.tests)
    print(result.report())
    print('tempest %s: %s' % (profile.name, result.totals()), flush=True)
    return not result.failed and result.passed >= profile.least


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
