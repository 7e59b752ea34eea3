"""Found on PYTHONPATH by every Python process that a test starts; see ``loopback.py``."""

import loopback

loopback.install()
