"""What is loaded to stay is not collected meanwhile, and not looked at later."""

import gc
import threading

from tierwise.core.garbage import loading


def test_collections_rest_until_the_last_loader_is_done() -> None:
    kept = []
    frozen = gc.get_freeze_count()
    try:
        with loading():
            with loading():
                kept += [[number] for number in range(1000)]
                assert not gc.isenabled()
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(kept)
    finally:
        gc.unfreeze()


def test_loaders_in_several_threads_do_not_switch_it_on_for_each_other() -> None:
    first, second = threading.Event(), threading.Event()

    def load() -> None:
        with loading():
            first.set()
            second.wait(5)

    try:
        thread = threading.Thread(target=load)
        thread.start()
        first.wait(5)
        with loading():
            pass
        assert not gc.isenabled()
        second.set()
        thread.join()
        assert gc.isenabled()
    finally:
        gc.unfreeze()
