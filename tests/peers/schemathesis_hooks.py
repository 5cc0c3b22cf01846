"""Puts a model that exists in half of the requests, so that they come to be answered."""

import pathlib

import schemathesis
import yaml

SPEC = pathlib.Path(__file__).resolve().parents[2] / "xtask" / "spec" / "dryapi.yaml"
DESCRIBED = yaml.safe_load(SPEC.read_text())


def resolved(schema):
    """What a reference stands for."""
    while "$ref" in schema:
        place = DESCRIBED
        for name in schema["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        schema = place
    return schema


def example(path):
    """The model that the description gives for an operation."""
    content = DESCRIBED["paths"][path]["post"]["requestBody"]["content"]
    body = resolved(next(iter(content.values()))["schema"])
    model = body.get("properties", {}).get("model")
    return resolved(model).get("example") if model else None


@schemathesis.hook
def map_body(context, body):
    """Every second body, by its own content."""
    if not isinstance(body, dict) or not isinstance(body.get("model"), str):
        return body
    model = example(context.operation.path)
    if model is None or len(body["model"]) % 2:
        return body
    return {**body, "model": model}
