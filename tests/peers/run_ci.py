"""The peers that CI asks: those that install within two minutes. One that cannot be had is said, and
is no failure; one that disagrees is."""

import pathlib
import subprocess
import sys
import time

import peer

HERE = pathlib.Path(__file__).parent
SCRIPTS = ["run_webhooks.py", "run_soketi.py", "run_pusher_clients.py"]
LONGEST = 240


def run(script):
    """Whether it disagreed; says how it went."""
    begun = time.monotonic()
    try:
        done = subprocess.run([sys.executable, HERE / script], timeout=LONGEST)
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = "no end"
    took = f"{time.monotonic() - begun:.0f} s"
    if code == peer.NOT_TO_BE_HAD:
        print(f"peers: {script}: NOT ASKED, it could not be had ({took})", flush=True)
        return False
    print(f"peers: {script}: {'ok' if code == 0 else f'FAILED ({code})'} ({took})", flush=True)
    return code != 0


def main():
    failed = [script for script in SCRIPTS if run(script)]
    sys.exit(1 if failed else 0)


main()
