"""Rows that outlive a process: work, tasks, events, leases, hosts."""
