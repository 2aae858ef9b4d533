"""The compact encoding, by name: what a client in another language needs of it is a MessagePack library and the tables."""

import unittest

import msgpack
from showcase_test_case import ShowcaseTestCase

HELLO, MOUNT, UNMOUNT, ACTION, SET, ACK, RESYNC, PING = range(1, 9)
WELCOME, MOUNTED, UPDATE, DELTA, REPLY, ERROR, EVENT, UNMOUNTED, GO_AWAY, PONG = range(1, 11)
SUBPROTOCOL = "fluxstack-live.v1.msgpack"


class CompactTest(ShowcaseTestCase):
    def connect(self, **options):
        connection = super().connect(subprotocols=[SUBPROTOCOL], **options)
        self.assertEqual(connection.subprotocol, SUBPROTOCOL)
        return connection

    def say(self, connection, *message):
        connection.send(msgpack.packb(message))

    def hear(self, connection):
        return msgpack.unpackb(connection.receive_bytes())

    def test_a_full_client_gets_a_delta_and_its_reply_in_one_message(self):
        connection = self.connect()
        self.say(connection, HELLO, 1)
        tag, session, secret, resumed, executed, replies, heartbeat_ms, limits, *_ = self.hear(connection)
        self.assertEqual((tag, resumed, executed, replies), (WELCOME, False, 0, []))
        self.assertEqual(limits, [32, 65536])
        self.say(connection, MOUNT, "c1", "CounterComponent", {"count": 0, "title": "Live Counter"})
        tag, address, _epoch, version, state = self.hear(connection)
        self.assertEqual((tag, address, version, state), (MOUNTED, "c1", 0, {"count": 0, "title": "Live Counter"}))
        self.say(connection, ACTION, "c1", "increment", None, 1, 0)
        delta, reply = self.hear(connection)
        self.assertEqual(delta, [DELTA, "c1", 0, 1, [["=", ["count"], 1]]])
        self.assertEqual(reply[:3] + reply[4:], [REPLY, 1, "c1", 1])

    def test_a_basic_client_gets_each_message_alone(self):
        connection = self.connect()
        self.say(connection, MOUNT, "c1", "CounterComponent", {"count": 0, "title": "t"})
        self.assertEqual(self.hear(connection)[0], MOUNTED)
        self.say(connection, SET, "c1", "title", "Clicks", "x")
        update = self.hear(connection)
        self.assertEqual((update[0], update[4]), (UPDATE, {"count": 0, "title": "Clicks"}))
        self.assertEqual(self.hear(connection)[:3], [REPLY, "x", "c1"])

    def test_what_is_no_message_costs_an_error_and_the_connection_lives(self):
        connection = self.connect()
        for bytes_ in (b"", b"\xc1", b"\x90", msgpack.packb([PING, b"binary"]), msgpack.packb([PING, {1: 2}]), msgpack.packb([99, 1])):
            with self.subTest(bytes_=bytes_):
                connection.send(bytes_)
                self.assertEqual(self.hear(connection)[:2], [ERROR, "bad_message"])
        self.say(connection, PING, 0.5)
        self.assertEqual(self.hear(connection), [PONG, 0.5])

    def test_a_text_message_closes_1003(self):
        connection = self.connect()
        connection.send('{"type":"PING","at":1}')
        self.assertEqual(connection.close_code(), 1003)


if __name__ == "__main__":
    unittest.main()
