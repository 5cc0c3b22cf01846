"""Holds `dryapi-realtime` against soketi 1.6.1, what the service itself runs, or against another
server of Pusher's protocol: `run_soketi.py [--sockudo BINARY]`.

Updates arrive; a line that is cut is made anew with a new authorisation, and the gap is told; a
refused authorisation, a wrong signature and an unknown application end the channel."""

import json
import os
import subprocess
import sys
import time

import peer
import pusher

PACKAGE = {
    "name": "soketi-peer",
    "private": True,
    "version": "0.0.0",
    "dependencies": {"@soketi/soketi": "1.6.1"},
    # Its own native module is not in the registry; this is a build of it that is.
    "overrides": {"uWebSockets.js": "npm:@trufflesuite/uws-js-unofficial@20.30.0-unofficial.0"},
}
# That build is for Node.js up to 20. Elsewhere it falls back to a server without WebSockets.
NATIVE = """
require("uWebSockets.js");
process.exit(Object.keys(require.cache).some((path) => path.endsWith(".node")) ? 0 : 1);
"""
ID = "123e4567-e89b-12d3-a456-426614174000"
CHANNEL = "private-client.42"


def soketi(port):
    """Starts soketi."""
    home = peer.PEERS / "soketi"
    peer.npm_install(home, PACKAGE)
    peer.install(["node", "-e", NATIVE], home, "soketi's native module for this Node.js")
    settings = {
        "SOKETI_HOST": "127.0.0.1",
        "SOKETI_PORT": str(port),
        "SOKETI_METRICS_ENABLED": "false",
        "SOKETI_METRICS_HOST": "127.0.0.1",
        "SOKETI_METRICS_SERVER_PORT": str(pusher.free_port()),
        "SOKETI_SHUTDOWN_GRACE_PERIOD": "100",
        "SOKETI_DEFAULT_APP_ID": pusher.APP_ID,
        "SOKETI_DEFAULT_APP_KEY": pusher.APP_KEY,
        "SOKETI_DEFAULT_APP_SECRET": pusher.APP_SECRET,
    }
    program = home / "node_modules" / "@soketi" / "soketi" / "bin" / "server.js"
    return ["node", str(program), "start"], settings


def sockudo(port, binary):
    """Starts sockudo."""
    settings = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "METRICS_ENABLED": "false",
        "SOCKUDO_DEFAULT_APP_ID": pusher.APP_ID,
        "SOCKUDO_DEFAULT_APP_KEY": pusher.APP_KEY,
        "SOCKUDO_DEFAULT_APP_SECRET": pusher.APP_SECRET,
        "SOCKUDO_DEFAULT_APP_ENABLED": "true",
    }
    return [binary], settings


def listen(port, authorizer, key=pusher.APP_KEY):
    """Starts our client; gives its lines."""
    endpoint = f"ws://127.0.0.1:{port}/app/{key}"
    process = peer.start(
        [peer.TARGET / "debug" / "examples" / "realtime_peer", endpoint, authorizer.url, "42", "sk"],
        stdout=subprocess.PIPE,
        text=True,
    )
    return pusher.Lines(process)


def expect(lines, what, wanted):
    line = lines.wait_for(wanted)
    if line is None:
        peer.fail(f"{what} did not come; told was {json.dumps(lines.seen)}")
    return line


def update(status, progress):
    return {
        "request_id": ID,
        "status": status,
        "preview": None,
        "result_url": None,
        "progress": progress,
    }


def push(port, lines, status, progress):
    """Publishes an update and waits for it."""
    pusher.publish(port, CHANNEL, "request.status.updated", update(status, progress))
    told = expect(lines, f"the update {status}", lambda line: line["signal"] == "update")["update"]
    known = "processing" if status == "in_progress" else status
    if (told["request_id"], told["status"], told["progress"]) != (ID, known, progress):
        peer.fail(f"{told} came of {update(status, progress)}")


def updates_and_a_cut(port):
    authorizer, line = pusher.Authorizer(), pusher.Line(port)
    lines = listen(line.own_port, authorizer)
    subscribed = expect(lines, "a subscription", lambda line: line["signal"] == "subscribed")
    if subscribed["gap"]:
        peer.fail("the first subscription told of a gap")
    push(port, lines, "in_progress", "45.50")
    line.cut()
    expect(lines, "the loss", lambda line: line["signal"] == "lost")
    subscribed = expect(lines, "another subscription", lambda line: line["signal"] == "subscribed")
    if not subscribed["gap"]:
        peer.fail("the second subscription told of no gap")
    push(port, lines, "done", "100.00")
    sockets = [asked["socket_id"] for asked, _ in authorizer.asked]
    if len(sockets) != 2 or len(set(sockets)) != 2:
        peer.fail(f"not one authorisation a socket: {sockets}")
    if any(key != "Bearer sk" for _, key in authorizer.asked):
        peer.fail("the key did not come along")


def refusals(port):
    authorizer = pusher.Authorizer()
    authorizer.refuses = True
    stopped = lambda line: line["signal"] == "stopped"
    told = expect(listen(port, authorizer), "the end after a refusal", stopped)
    if "client id" not in told["why"]:
        peer.fail(f"a refusal says {told}")
    authorizer = pusher.Authorizer()
    authorizer.secret = "of-another-application"
    told = expect(listen(port, authorizer), "the end after a wrong signature", stopped)
    if "refuses the channel" not in told["why"]:
        peer.fail(f"a wrong signature says {told}")
    unknown = listen(port, pusher.Authorizer(), "nobodys-key")
    # soketi says why it hangs up; sockudo only hangs up, so it is tried again.
    ended = lambda line: line["signal"] in ("stopped", "lost")
    told = expect(unknown, "the end of an unknown application", ended)
    return told["signal"]


def main():
    port = pusher.free_port()
    if sys.argv[1:2] == ["--sockudo"]:
        name, (command, settings) = "sockudo", sockudo(port, sys.argv[2])
    else:
        name, (command, settings) = "soketi", soketi(port)
    peer.build_example("realtime_peer")
    server = peer.start(
        command,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not pusher.wait_for_port(port, server):
        peer.fail(f"{name} does not start")
    # Its listener is there before its applications are.
    time.sleep(1)
    updates_and_a_cut(port)
    unknown = refusals(port)
    if name == "soketi" and unknown != "stopped":
        peer.fail("an unknown application was tried again")
    told = "a cut with a new authorisation, a refusal, a wrong signature and an unknown key"
    print(f"{name}: updates, {told} agree")


main()
