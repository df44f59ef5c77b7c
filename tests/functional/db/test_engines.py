"""Tests with threads of their own again, on the servers that people run.

They run with greenlets and with native threads; all others on servers are in
`tests.native.engines`.
"""

from tests.native.engines import again
from tests.native.engines import http_cases
from tests.native.engines import registry_cases

for _cases in registry_cases, http_cases:
    globals().update(again.on_servers(
        [case for case in _cases.CASES if again.has_threads(case)],
        _cases.OnServer, __name__))
