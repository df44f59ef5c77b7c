"""What clients see: resources as JSON-able dicts."""

import typing

# A document for clients, as one of `glance.api.schemas` describes it.
View = dict[str, typing.Any]
