"""Holds the command's webhook signatures against Python's own `hmac`: what it signs, we verify, and
what we sign, it verifies."""

import hashlib
import hmac
import json
import pathlib
import time

import peer

SECRET = "whsec-of-both"
EVENT = {
    "event": "job.completed",
    "delivery_id": "550e8400-e29b-41d4-a716-446655440001",
    "timestamp": "2024-01-15T10:30:45.000Z",
    "data": {
        "job_request_id": "123e4567-e89b-12d3-a456-426614174000",
        "status": "done",
        "previous_status": "processing",
        "job_type": "txt2img",
        "completed_at": "2024-01-15T10:30:45.000Z",
        "result_url": "https://storage.example/results/1/Zoë.png",
        "processing_time_ms": 45000,
    },
}


def signature(timestamp, body):
    message = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()


def theirs(path, body):
    """Python signs, the command verifies."""
    now = int(time.time())
    args = ["webhook", "verify", str(path), "--secret", SECRET, "--timestamp", str(now), "--json"]
    code, out, err = peer.dryapi(*args, "--signature", signature(now, body))
    if code != 0 or json.loads(out)["request_id"] != EVENT["data"]["job_request_id"]:
        peer.fail(f"a signature of Python's is refused, exit {code}: {out}{err}")
    code, _, _ = peer.dryapi(*args, "--signature", signature(now + 1, body))
    if code != 15:
        peer.fail(f"a wrong signature ends with {code}, not 15")


def ours(path, body):
    """The command signs, Python verifies."""
    code, out, err = peer.dryapi("webhook", "sign", str(path), "--secret", SECRET, "--json")
    if code != 0:
        peer.fail(f"signing ends with {code}: {err}")
    headers = {name.lower(): value for name, value in json.loads(out).items()}
    made = signature(headers["x-dryapi-timestamp"], body)
    if not hmac.compare_digest(made, headers["x-dryapi-signature"]):
        peer.fail(f"our signature is not Python's: {headers}")


def main():
    peer.build()
    bodies = [json.dumps(EVENT), json.dumps(EVENT, indent=2, ensure_ascii=False) + "\n"]
    with peer.folder() as folder:
        for number, text in enumerate(bodies):
            path = pathlib.Path(folder) / f"{number}.json"
            path.write_bytes(body := text.encode())
            theirs(path, body)
            ours(path, body)
    print("webhooks: Python's hmac and ours agree, both ways, two bodies")


main()
