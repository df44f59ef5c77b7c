"""What conductors do now and then: a module for each duty.

A duty is a function that takes a `glance.conductor.periodic.run.Run` and
returns a dict of how it went, for people. It may be cut off anywhere, and two
of them may overlap when a lease was lost: whatever it changes is judged by the
registry, or is the same when done twice.
"""
