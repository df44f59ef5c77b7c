"""What handlers ask before they act: may the caller, do the values fit?"""
