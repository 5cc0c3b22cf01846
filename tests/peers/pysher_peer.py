"""Listens with pysher and prints what it hears, one JSON object a line.

pysher_peer.py HOST PORT APP_KEY AUTH_URL API_KEY CHANNEL"""

import json
import sys
import time

import pysher

host, port, app_key, endpoint, api_key, channel_name = sys.argv[1:7]


def say(line):
    print(json.dumps(line), flush=True)


def connected(_):
    channel = client.subscribe(channel_name)
    channel.bind("pusher_internal:subscription_succeeded", lambda _: say({"signal": "subscribed"}))
    channel.bind("pusher:subscription_error", lambda error: say({"signal": "refused", "error": error}))
    channel.bind(
        "request.status.updated",
        lambda data: say({"signal": "update", "update": json.loads(data)}),
    )


client = pysher.Pusher(
    app_key,
    custom_host=host,
    port=int(port),
    secure=False,
    auth_endpoint=endpoint,
    auth_endpoint_headers={"Authorization": f"Bearer {api_key}"},
)
client.connection.bind("pusher:connection_established", connected)
client.connect()
time.sleep(600)
