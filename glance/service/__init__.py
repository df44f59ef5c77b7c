"""HTTP and RPC services, and the processes they run in."""
