"""The registry's tests again, on the servers that people run."""

from tests.native.engines import again
from tests.native.engines import registry_cases

globals().update(again.on_servers(
    [case for case in registry_cases.CASES if not again.has_threads(case)],
    registry_cases.OnServer, __name__))
