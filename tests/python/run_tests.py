"""Runs the tests of this folder with pytest, where it can be had, and in any case without.

Usage: run_tests.py PATH_TO_DRYAPI
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "peers")]


def without_pytest():
    import dryapi_sandbox
    import test_pictures

    tests = {name: test for name, test in vars(test_pictures).items() if name.startswith("test_")}
    assert tests
    with dryapi_sandbox.Server("--speed", "20") as server:
        for name, test in tests.items():
            test(server.account(name))
    print(f"{len(tests)} tests in Python, without pytest")


def with_pytest():
    import peer

    try:
        python = peer.pip_install(peer.PEERS / "pytest", "pytest==9.0.1")
    except peer.NotToBeHad:
        return
    options = ["-q", "-p", "no:cacheprovider"]
    subprocess.run([python, "-m", "pytest", *options, HERE], check=True)


if __name__ == "__main__":
    os.environ["DRYAPI"] = str(Path(sys.argv[1]).resolve())
    without_pytest()
    with_pytest()
