"""The peers that CI asks: those that install within two minutes. One that cannot be had is said, and
is no failure; one that disagrees is."""

import pathlib
import subprocess
import sys
import time

import peer

HERE = pathlib.Path(__file__).parent
SCRIPTS = ["run_webhooks.py", "run_soketi.py", "run_pusher_clients.py"]
# In seconds, of all of them, what is installed included; what they have built is not.
LONGEST = 900


def run(script, until):
    """Whether it disagreed; says how it went."""
    begun = time.monotonic()
    process = peer.start([sys.executable, HERE / script])
    try:
        code = process.wait(timeout=max(until - begun, 0))
    except subprocess.TimeoutExpired:
        # Not killed: it ends what it started itself.
        peer.end(process)
        code = "no end"
    took = f"{time.monotonic() - begun:.0f} s"
    if code == peer.NOT_TO_BE_HAD:
        print(f"peers: {script}: NOT ASKED, it could not be had ({took})", flush=True)
        return False
    print(f"peers: {script}: {'ok' if code == 0 else f'FAILED ({code})'} ({took})", flush=True)
    return code != 0


def main():
    peer.build()
    peer.build_example("realtime_peer")
    until = time.monotonic() + LONGEST
    failed = [script for script in SCRIPTS if run(script, until)]
    sys.exit(1 if failed else 0)


main()
