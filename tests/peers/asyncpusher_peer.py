"""Listens with asyncpusher and prints what it hears, one JSON object a line.

asyncpusher_peer.py HOST PORT APP_KEY AUTH_URL API_KEY CHANNEL"""

import asyncio
import json
import sys

import aiohttp
from asyncpusher import Pusher

host, port, app_key, endpoint, api_key, channel_name = sys.argv[1:7]


def say(line):
    print(json.dumps(line), flush=True)


async def authorize(asked):
    """It leaves this to its user; sent as JSON, as the service's documentation shows it."""
    headers = {"Authorization": f"Bearer {api_key}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(endpoint, json=asked, raise_for_status=True) as answer:
            return await answer.json()


async def subscribed(_):
    say({"signal": "subscribed"})


async def update(data):
    say({"signal": "update", "update": data})


async def main():
    client = Pusher(
        app_key,
        custom_host=host,
        custom_port=int(port),
        secure=False,
        channel_authenticator=authorize,
    )
    await client.connect()
    channel = await client.subscribe(channel_name)
    channel.bind("pusher_internal:subscription_succeeded", subscribed)
    channel.bind("request.status.updated", update)
    await asyncio.sleep(600)


asyncio.run(main())
