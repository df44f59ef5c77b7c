"""Bad input, lists and statuses again, on the servers that people run."""

from tests.native.engines import again
from tests.native.engines import http_cases

globals().update(again.on_servers(
    [case for case in http_cases.CASES if not again.has_threads(case)],
    http_cases.OnServer, __name__))
