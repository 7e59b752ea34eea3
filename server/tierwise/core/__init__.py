"""The nouns every room speaks: frozen values, no I/O, nothing from above."""
