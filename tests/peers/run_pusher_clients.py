"""Holds the sandbox's push channel against other people's clients: each subscribes to the account's
private channel and follows a job to its end. Those that cannot be installed are named and left out."""

import json
import pathlib
import subprocess
import urllib.parse
import urllib.request

import peer
import pusher

HERE = pathlib.Path(__file__).parent

def npm(package, version, program, **others):
    """The command of a client of npm's registry."""
    home = peer.PEERS / package
    wanted = {"private": True, "dependencies": {package: version, **others}}
    peer.npm_install(home, wanted)
    # A program finds its packages beside itself, so it is copied there.
    copy = home / program
    copy.write_text((HERE / program).read_text())
    return ["node", copy]


def pypi(package, version, program):
    """The command of a client of PyPI."""
    return [peer.pip_install(peer.PEERS / package, f"{package}=={version}"), HERE / program]


CLIENTS = {
    "pusher-js 8.6.0": lambda: npm("pusher-js", "8.6.0", "pusher_js.cjs"),
    "laravel-echo 2.5.0": lambda: npm(
        "laravel-echo", "2.5.0", "laravel_echo.mjs", **{"pusher-js": "8.6.0"}
    ),
    "pysher 1.0.8": lambda: pypi("pysher", "1.0.8", "pysher_peer.py"),
    "asyncpusher 0.2.5": lambda: pypi("asyncpusher", "0.2.5", "asyncpusher_peer.py"),
}


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
    told, missing = [], None
    for name, command in CLIENTS.items():
        try:
            command = command()
        except peer.NotToBeHad as error:
            told.append(f"{name} NOT ASKED")
            missing = error
            continue
        told.append(f"{name} heard {follow(name, command, sandbox)} updates")
    print("; ".join(told), flush=True)
    if all("NOT ASKED" in line for line in told):
        raise missing


main()
