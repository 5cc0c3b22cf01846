"""Writes python.json: deliveries signed by Python's standard library, and by nothing of ours.

python3 sign.py > python.json
"""

import hashlib
import hmac
import json
import platform

BODY = (
    '{"event":"job.completed","delivery_id":"550e8400-e29b-41d4-a716-446655440001",'
    '"timestamp":"2024-01-15T10:30:45.000Z","data":{"job_request_id":'
    '"123e4567-e89b-12d3-a456-426614174000","status":"done","previous_status":"processing",'
    '"job_type":"txt2img","completed_at":"2024-01-15T10:30:45.000Z",'
    '"result_url":"https://storage.dryapi.dev/results/a/output.png","processing_time_ms":45000}}'
)
AT = 1705314645
SECRET = "whsec_python"


def signature(secret, timestamp, body):
    message = f"{timestamp}.{body}".encode()
    return "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def case(name, expect, body=BODY, secret=SECRET, secrets=None, timestamp=str(AT), now=AT, brand="dryAPI"):
    headers = [
        [f"X-{brand}-Signature", signature(secret, timestamp, body)],
        [f"X-{brand}-Timestamp", timestamp],
    ]
    return {
        "name": name,
        "secrets": secrets or [secret],
        "now": now,
        "headers": headers,
        "body": body,
        "expect": expect,
    }


CASES = [
    case("a completed job", "job.completed"),
    case("the old brand", "job.completed", brand="DeAPI"),
    case("lower-case names", "job.completed", brand="dryapi"),
    case("the older of two secrets", "job.completed", secrets=["whsec_new", SECRET]),
    case("a secret longer than a block of SHA-256", "job.completed", secret="long" * 40),
    case("a secret of exactly one block", "job.completed", secret="x" * 64),
    case("a secret outside ASCII", "job.completed", secret="schlüssel-鍵"),
    case("line breaks and other scripts in the body", "job.failed",
         body='{\r\n  "event": "job.failed",\n  "data": {"error_message": "Kein Glück — 失敗"}\r\n}\n'),
    case("only event and data, time as a number", "job.processing",
         body='{"event":"job.processing","timestamp":1705314645,"data":{"request_id":"r1"}}'),
    case("an unknown event", "account.low_balance", body='{"event":"account.low_balance"}'),
    case("exactly 300 s old", "job.completed", now=AT + 300),
    case("exactly 300 s ahead", "job.completed", now=AT - 300),
    case("301 s old", "TooOld", now=AT + 301),
    case("301 s ahead", "TooNew", now=AT - 301),
    case("another account's secret", "WrongSignature", secrets=["whsec_other"]),
    case("a genuine signature over no event", "NotAnEvent", body='{"data":{}}'),
]

changed = case("one changed byte", "WrongSignature")
changed["body"] = changed["body"].replace("45000", "45001")
moved = case("another timestamp than was signed", "WrongSignature")
moved["headers"][1][1] = str(AT + 1)
upper = case("upper-case hex", "UpperCase")
upper["headers"][0][1] = "sha256=" + upper["headers"][0][1][7:].upper()
mixed = case("signature and timestamp of different brands", "Missing(Timestamp)")
mixed["headers"][1][0] = "X-DeAPI-Timestamp"
spoiled = case("one brand valid, the other not", "job.completed", brand="DeAPI")
spoiled["headers"] = [["X-dryAPI-Signature", "sha256=00"], ["X-dryAPI-Timestamp", "1"]] + spoiled["headers"]

document = {
    "about": "Each case: the secrets of the receiver, its clock in Unix seconds, the headers and the "
    "exact body of a delivery, and what must come out: the event's name, or the kind of refusal.",
    "computed_by": f"hmac and hashlib of Python {platform.python_version()} (sign.py)",
    "cases": CASES + [changed, moved, upper, mixed, spoiled],
}
print(json.dumps(document, indent=2, ensure_ascii=False))
