"""CPU time of the programs that a benchmark started, by what they are."""

import collections
import os
import subprocess

TICK = os.sysconf('SC_CLK_TCK')
# How the path of a program ends.
GROUPS = (('/upstream/bin/uwsgi', 'upstream'), ('/uwsgi', 'api'),
          ('/glance-api', 'api'), ('/glance-registry', 'registry'),
          ('/glance-conductor', 'conductor'), ('/glance-standalone', 'all'),
          ('beam.smp', 'broker'), ('mariadbd', 'database'))


def used():
    """:returns: Counter of CPU seconds so far, by group"""
    seconds = collections.Counter()
    for pid in _descendants(os.getpid()):
        try:
            with open('/proc/%d/cmdline' % pid) as file:
                words = file.read().split('\0')[:2]
            with open('/proc/%d/stat' % pid) as file:
                fields = file.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        group = _group(words)
        if group:
            seconds[group] += (int(fields[11]) + int(fields[12])) / TICK
    return seconds


def _group(words):
    for end, group in GROUPS:
        if any(word.endswith(end) for word in words):
            return group


def _descendants(pid):
    children = collections.defaultdict(list)
    for line in subprocess.run(['ps', '-eo', 'ppid=,pid='], text=True,
                               capture_output=True).stdout.splitlines():
        parent, child = map(int, line.split())
        children[parent].append(child)
    found, todo = [], [pid]
    while todo:
        found += children[todo[-1]]
        todo += children[todo.pop()]
    return found
