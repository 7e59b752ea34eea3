"""What a user may write: typed, defaulted, explained, read from everywhere it may stand.

``sources.load`` reads it, ``model.Settings`` is what comes of it, ``paths`` says where things live.
"""
