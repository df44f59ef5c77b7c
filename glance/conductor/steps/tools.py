"""Programs that work on files of users: with limits, and without a shell."""

import os
import subprocess
import sys
import time
import typing

from oslo_log import log

from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conf import CONF

LOG = log.getLogger(__name__)

_LOOK = 0.2     # seconds


def run(job: jobs.Job, *command: str, output: str | None = None) -> None:
    """Run a program until it ends; this blocks.

    :param output: path of the file it writes, to tell how far it is
    :raises Conflict: it fails, or takes more than it may have
    """
    limits = CONF.conductor
    process = subprocess.Popen(
        [sys.executable, '-m', 'oslo_concurrency.prlimit',
         '--as=%d' % limits.tool_memory, '--cpu=%d' % limits.tool_cpu_time,
         '--', *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env={'PATH': os.environ.get('PATH', ''),
                                     'LC_ALL': 'C'})
    complaints = typing.cast(typing.IO[bytes], process.stderr)
    try:
        _wait(job, process, output)
        message = complaints.read(4096)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        complaints.close()
    if process.returncode:
        LOG.error('%s ended with %d: %s', command[0], process.returncode,
                  message.decode('utf-8', 'replace').strip())
        raise exceptions.Conflict('The program that converts or unpacks '
                                  'images has failed; the data may be '
                                  'damaged.')


def _wait(job: jobs.Job, process: subprocess.Popen[bytes],
          output: str | None) -> None:
    deadline = time.monotonic() + CONF.conductor.tool_timeout
    while process.poll() is None:
        job.check()
        if time.monotonic() > deadline:
            raise exceptions.Conflict('The conversion took too long.')
        if output is not None and os.path.exists(output):
            # Blocks rather than the length, which may be set at once.
            job.done = os.stat(output).st_blocks * 512
        time.sleep(_LOOK)
