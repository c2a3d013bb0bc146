"""A page written with python-socketio: enters a room and prints what it gets there, a line each.

usage: room.py URL TRANSPORT ROOM EVENT COUNT"""

import json
import sys
import threading

import socketio

url, transport, room, event, count = sys.argv[1:]
client = socketio.Client(reconnection=False)
got = 0
lock = threading.Lock()  # the client runs each message's handler in a thread of its own


def say(*words):
    print(json.dumps(words) + "\n", end="", flush=True)


@client.on("downmsg")
def on_downmsg(body):
    say("downmsg", body)
    if body["code"] == "2001":
        client.emit("loginRoom", {"id": room})


@client.on(event)
def on_event(*data):
    global got
    with lock:
        got += 1
        say(event, *data)
        last = got == int(count)
    if last:
        client.disconnect()


@client.event
def disconnect():
    say("disconnected")


client.connect(url, transports=[transport])
client.wait()
