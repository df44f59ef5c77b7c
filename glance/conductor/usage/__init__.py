"""What other services tell of who uses an image.

An event is turned into statements, see `glance.objects.usage`: at the time of
the event a consumer rests on an image, on none, or is gone.
"""
