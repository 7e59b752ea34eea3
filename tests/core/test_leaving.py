"""A process that is about to end loads nothing more in its threads, so that it need not wait for them."""

import subprocess
import sys

PROGRAM = """
import threading
from tierwise.core.garbage import LeavingError, leave, loading_alone

def attempt(work):
    def run():
        try:
            work()
            print("loaded")
        except LeavingError:
            print("left")
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

def alone():
    with loading_alone():
        pass

def late():
    import colorsys

attempt(alone)
leave()
attempt(alone)
attempt(late)
import colorsys
print("main may")
"""


def test_threads_load_nothing_once_the_process_leaves_but_the_main_one_may_clear_up() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("\n") == ["loaded", "left", "left", "main may", ""]
