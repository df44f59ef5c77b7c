"""Compares who is known to use images with what nova and cinder have.

Events get lost: a broker that was away, a service that did not notify, a
conductor that came years later. So all servers, volumes, snapshots and backups
are looked through now and then, and what was seen is said to the registry as
events would have said it.

Nobody is said to be gone because a list lacks him: a cell that is down, a list
that somebody changes, or a consumer that was created meanwhile would look the
same. The list only says whom to ask for by id, and the answer has to be 404 in
each region. Being gone is final, everything else is put right the next time.
"""
