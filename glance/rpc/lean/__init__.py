"""A driver of RabbitMQ for calls and casts that costs little.

`driver` is what oslo.messaging sees; `listener` and `incoming` are its
server's end, `publisher` with `answers` and `confirms` its client's. Below
them `keeper` keeps a connection open, `opening` makes one, `queues` declares,
`connection` reads and writes it, and `frames` has what goes over it.
"""
