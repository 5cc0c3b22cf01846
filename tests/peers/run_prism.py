"""prism holds the command against a description, and the sandbox against it, too."""

import json
import pathlib
import sys
import time
import urllib.request

import peer
from prism import EXTENDED, SKIPPED, UNNAMED, Prism, install
from prism_calls import QUESTIONS, calls

# prism's proxy reads every body as UTF-8, so a picture must hold no other bytes: a GIF of one pixel.
PIXEL = b"GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"


def inputs(folder):
    """A picture, a film and a sound, made by the sandbox."""
    made = {}
    for name, args in {
        "picture.png": ["txt2img", "a cat", "--width", "256", "--height", "256"],
        "film.mp4": ["txt2video", "a cat"],
        "sound.mp3": ["txt2audio", "hello"],
    }.items():
        path = pathlib.Path(folder) / name
        code, _, err = peer.dryapi("--sandbox", *args, "-o", str(path))
        if code != 0:
            peer.fail(f"making {name}: {err}")
        made[name.split(".")[0]] = path
    return made


def walk(prism, files, key, answers):
    """Every call; what prism found, and the ids of the jobs."""
    found, ids = [], {}
    for name, args in calls(files, answers):
        code, out, err = peer.dryapi("--json", *args, base_url=prism.url, key=key)
        violations, reached = prism.violations(name)
        if not reached:
            found.append(f"{name}: nothing was sent: {err.strip()[-300:]}")
        # Without a sandbox behind it prism makes the answers up, and not always right.
        found += [f"{name}: {line}" for line in violations if answers or "Violation: request" in line]
        # prism answers what it finds with an error of its own.
        if answers and code != 0:
            found.append(f"{name}: exit {code}: {err.strip()[-400:]}")
        elif answers and args[0] == "submit":
            ids[name] = json.loads(out)["request_id"]
    return found, ids


def statuses(prism, sandbox, ids):
    """What prism finds in the status of every job that is done."""
    found = []
    for task, job in ids.items():
        for _ in range(100):
            if status(sandbox, job) == "done":
                break
            time.sleep(0.05)
        else:
            found.append(f"status {task}: never done")
        found += prism.ask(f"status {task}", sandbox.api_key, f"request-status/{job}")[0]
    return found


def status(sandbox, job):
    """Where a job stands, asked without prism."""
    url = f"{sandbox.base_url}/api/v1/client/request-status/{job}"
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return json.load(answer)["data"]["status"]


def missed(prism, but):
    """Operations of the description that no request reached."""
    left = {one for one in prism.described - prism.reached if not but(one[1])}
    return [f"{how} {path}: no request reached it" for how, path in sorted(left)]


def main():
    description = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else peer.SPEC
    peer.build()
    peer.PEERS.mkdir(parents=True, exist_ok=True)
    install()
    found = []
    with peer.folder() as folder:
        files = inputs(folder)
        with Prism("mock", description) as prism:
            mocked, _ = walk(prism, files, "sk-anything", answers=False)
            mocked += missed(prism, lambda path: EXTENDED.search(path) or UNNAMED.search(path))
            found += [f"request: {line}" for line in mocked]
            sent = len(prism.reached)
        with peer.Sandbox() as sandbox:
            # Requests were looked at above.
            proxy = ["proxy", "--errors", "--validate-request=false", description, sandbox.base_url]
            files["picture"] = pathlib.Path(folder) / "pixel.gif"
            files["picture"].write_bytes(PIXEL)
            with Prism(*proxy) as prism:
                proxied, ids = walk(prism, files, sandbox.api_key, answers=True)
                for name, (path, body) in QUESTIONS.items():
                    proxied += prism.ask(name, sandbox.api_key, path, body)[0]
                proxied += statuses(prism, sandbox, ids)
                proxied += missed(prism, EXTENDED.search)
                answered = len(prism.reached)
            found += [f"answer: {line}" for line in proxied]
    if found:
        peer.fail("\n".join(found))
    print(
        f"prism: nothing found in the requests of {sent} operations and the answers of {answered};"
        f" not tried: {SKIPPED}, extended operations, requests for prices of prompts"
    )


if __name__ == "__main__":
    main()
