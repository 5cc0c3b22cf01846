"""Holds the sandbox's push channel against Pusher's own client for JavaScript and against pysher:
both subscribe to the account's private channel and follow a job to its end."""

import json
import subprocess
import sys
import urllib.parse
import urllib.request

import peer
import pusher

PUSHER_JS = {
    "name": "pusher-js-peer",
    "private": True,
    "version": "0.0.0",
    "dependencies": {"pusher-js": "8.6.0"},
}


def pusher_js():
    home = peer.PEERS / "pusher-js"
    peer.npm_install(home, PUSHER_JS)
    # A program finds its packages beside itself, so it is copied there.
    program = home / "pusher_js.cjs"
    program.write_text((peer.ROOT / "tests/peers/pusher_js.cjs").read_text())
    return ["node", program]


def pysher():
    python = peer.pip_install(peer.PEERS / "pysher", "pysher==1.0.8")
    return [python, peer.ROOT / "tests/peers/pysher_peer.py"]


def submit(sandbox):
    """Starts a job as any program would; gives its id."""
    body = {
        "prompt": "a cat in a nebula",
        "model": "Flux1schnell",
        "width": 256,
        "height": 256,
        "steps": 4,
        "guidance": 0,
        "seed": 1,
    }
    request = urllib.request.Request(
        f"{sandbox['base_url']}/api/v1/client/txt2img",
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {sandbox['api_key']}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["data"]["request_id"]


def follow(name, command, sandbox):
    """Subscribes, starts a job, and checks what is heard of it."""
    realtime = urllib.parse.urlsplit(sandbox["realtime_url"])
    process = peer.start(
        [
            *command,
            realtime.hostname,
            str(realtime.port),
            realtime.path.rsplit("/", 1)[1],
            sandbox["auth_url"],
            sandbox["api_key"],
            f"private-client.{sandbox['client_id']}",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = pusher.Lines(process)
    if not lines.wait_for(lambda line: line is None or line["signal"] == "subscribed"):
        peer.fail(f"{name} does not subscribe: {lines.seen}")
    job = submit(sandbox)
    heard = []
    while not heard or heard[-1]["status"] != "done":
        line = lines.wait_for(lambda line: line is None or line["signal"] == "update")
        if line is None:
            peer.fail(f"{name} heard no end of the job: {heard}")
        heard.append(line["update"])
    peer.end(process)
    if any(update["request_id"] != job for update in heard):
        peer.fail(f"{name} heard of another job: {heard}")
    if not isinstance(heard[0]["progress"], str) or not heard[-1]["result_url"]:
        peer.fail(f"{name} heard something else than the service tells: {heard}")
    return len(heard)


def main():
    peer.build()
    process = peer.start(
        [peer.DRYAPI, "sandbox", "--json", "--speed", "4"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    sandbox = json.loads(process.stdout.readline())
    told = []
    for name, command in {"pusher-js 8.6.0": pusher_js(), "pysher 1.0.8": pysher()}.items():
        told.append(f"{name} heard {follow(name, command, sandbox)} updates")
    print("; ".join(told))


sys.exit(main())
