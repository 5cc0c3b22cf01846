"""A program in Python, tested against the sandbox: `pytest tests/python`."""

import http.client
import time

from dryapi_sandbox import call


def draw(base_url, key, prompt):
    """The code under test: any client of the service, in any language."""
    api = f"{base_url}/api/v1/client"
    wish = {
        "prompt": prompt, "model": "Flux1schnell", "width": 512, "height": 512,
        "steps": 4, "guidance": 0, "seed": 7,
    }
    status, answer = call("POST", f"{api}/txt2img", wish, key)
    if status != 200:
        raise RuntimeError(answer["message"])
    job = answer["data"]["request_id"]
    until = time.monotonic() + 60
    while time.monotonic() < until:
        _, answer = call("GET", f"{api}/request-status/{job}", key=key)
        if answer["data"]["status"] == "done":
            return answer["data"]["result_url"]
        time.sleep(0.05)
    raise TimeoutError(job)


def test_a_picture_is_paid_for_once(sandbox):
    assert draw(sandbox.base_url, sandbox.api_key, "a cat").startswith("http")
    assert [charge["amount"] for charge in sandbox.charges()] == ["0.00136"]


def test_a_refusal_costs_nothing(sandbox):
    sandbox.fail("error_body", on="txt2img", body="insufficient_balance")
    try:
        draw(sandbox.base_url, sandbox.api_key, "a cat")
        raise AssertionError("it was drawn")
    except RuntimeError as error:
        assert "balance" in str(error).lower(), error
    assert sandbox.charges() == []


def test_a_lost_answer_is_billed(sandbox):
    sandbox.fail("accept_then_drop", on="txt2img")
    try:
        draw(sandbox.base_url, sandbox.api_key, "a cat")
        raise AssertionError("there was an answer")
    except (http.client.HTTPException, OSError):
        pass  # this client does not know it, but the job runs:
    assert len(sandbox.charges()) == 1
