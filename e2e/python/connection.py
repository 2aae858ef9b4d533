"""One WebSocket to the showcase, and what a client in twenty lines does with it: send text, read text."""

import json
import socket

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ANSWERS_WITHIN_S = 10


class Connection:
    """`send` takes a message or the exact text of one; `receive` gives one WebSocket message, decoded."""

    def __init__(self, host, path="/live", **options):
        self._socket = connect(f"ws://{host}{path}", proxy=None, open_timeout=ANSWERS_WITHIN_S, **options)
        self.subprotocol = self._socket.subprotocol

    def send(self, message):
        self._socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def receive(self):
        text = self._socket.recv(timeout=ANSWERS_WITHIN_S)
        assert isinstance(text, str), "a binary message on the JSON protocol"
        return json.loads(text)

    def receive_bytes(self):
        """One WebSocket message of another subprotocol, as it is."""
        message = self._socket.recv(timeout=ANSWERS_WITHIN_S)
        assert isinstance(message, bytes), "a text message on a binary protocol"
        return message

    def ask(self, message):
        self.send(message)
        return self.receive()

    def receive_until(self, is_last):
        """All WebSocket messages up to the first for which `is_last` holds, that one included."""
        received = [self.receive()]
        while not is_last(received[-1]):
            received.append(self.receive())
        return received

    def close_code(self):
        """Reads on until the server has closed, and tells the code of its close frame (None for a bare drop)."""
        try:
            while True:
                self._socket.recv(timeout=ANSWERS_WITHIN_S)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def close(self, code=1000):
        self._socket.close(code)

    def drop(self):
        """The network is gone: no close frame, no goodbye."""
        self._socket.socket.shutdown(socket.SHUT_RDWR)


def mount(component_id, component, **props):
    return {"type": "COMPONENT_MOUNT", "componentId": component_id, "payload": {"component": component, "props": props}}


def mount_counter(component_id="c1", count=0, title="Live Counter"):
    return mount(component_id, "CounterComponent", count=count, title=title)


def mount_shared(component_id, room):
    return mount(component_id, "SharedCounterComponent", room=room)


def action(component_id, name, **rest):
    """`rest`: `payload`, `requestId`; what is not given is not in the message."""
    return {"type": "COMPONENT_ACTION", "componentId": component_id, "action": name, **rest}


def set_property(component_id, name, value, **rest):
    payload = {"property": name, "value": value}
    return {"type": "PROPERTY_UPDATE", "componentId": component_id, "payload": payload, **rest}
