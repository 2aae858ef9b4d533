"""A full client: HELLO first, then deltas and numbered requests, each of which counts once."""

import unittest

from connection import action, mount_counter, mount_shared, set_property
from showcase_test_case import ShowcaseTestCase


class FullClient(ShowcaseTestCase):
    def welcomed(self):
        connection = self.connect(subprotocols=["fluxstack-live.v1.json"])
        welcome = connection.ask({"type": "HELLO", "protocol": 1})
        self.assertEqual(welcome["type"], "WELCOME")
        return connection

    def mounted(self):
        connection = self.welcomed()
        self.assertEqual(connection.ask(mount_counter())["type"], "COMPONENT_MOUNTED")
        return connection

    def assert_reads_as(self, held, state, tail, version, count):
        """A snapshot may be an older one with the deltas since: what counts is where they lead."""
        for delta in tail:
            self.assertEqual((delta["type"], delta["from"]), ("STATE_DELTA", held))
            held = delta["version"]
            for op, [field], value in delta["ops"]:
                self.assertEqual(op, "=")
                state = {**state, field: value}
        self.assertEqual((held, state), (version, {"count": count, "title": "Live Counter"}))

    def test_the_welcome_says_what_the_protocol_says(self):
        connection = self.connect()
        welcome = connection.ask('{"type":"HELLO","protocol":1}')
        for name in ("session", "secret", "schema", "server"):
            self.assertIsInstance(welcome[name], str)
            self.assertNotEqual(welcome.pop(name), "")
        self.assertEqual(
            welcome,
            {
                "type": "WELCOME",
                "resumed": False,
                "executed": 0,
                "replies": [],
                "heartbeatMs": 20_000,
                "limits": {"inFlight": 32, "messageBytes": 65_536},
            },
        )

    def test_no_two_sessions_have_a_secret_in_common(self):
        welcomes = [self.connect().ask({"type": "HELLO", "protocol": 1}) for _ in range(2)]
        self.assertNotEqual(welcomes[0]["session"], welcomes[1]["session"])
        self.assertNotEqual(welcomes[0]["secret"], welcomes[1]["secret"])
        for welcome in welcomes:
            # 128 random bits are at least 22 characters of base64.
            self.assertGreaterEqual(len(welcome["secret"]), 22)

    def test_the_example_of_the_protocol_word_for_word(self):
        connection = self.welcomed()
        mounted = connection.ask(
            '{"type":"COMPONENT_MOUNT","componentId":"c1","payload":{"component":"CounterComponent","props":{"count":0,"title":"Live Counter"}}}'
        )
        self.assertIsInstance(mounted.pop("epoch"), str)
        self.assertEqual(
            mounted,
            {"type": "COMPONENT_MOUNTED", "componentId": "c1", "version": 0, "state": {"count": 0, "title": "Live Counter"}},
        )
        self.assertEqual(
            connection.ask('{"type":"COMPONENT_ACTION","componentId":"c1","action":"increment","payload":5,"requestId":1}'),
            [
                {"type": "STATE_DELTA", "componentId": "c1", "from": 0, "version": 1, "ops": [["=", ["count"], 5]]},
                {"type": "REPLY", "requestId": 1, "componentId": "c1", "payload": {"result": None}, "at": {"c1": 1}},
            ],
        )

    def test_a_property_update_is_numbered_with_the_actions(self):
        connection = self.mounted()
        connection.ask(action("c1", "increment", requestId=1))
        self.assertEqual(
            connection.ask(set_property("c1", "title", "Clicks", requestId=2)),
            [
                {"type": "STATE_DELTA", "componentId": "c1", "from": 1, "version": 2, "ops": [["=", ["title"], "Clicks"]]},
                {"type": "REPLY", "requestId": 2, "componentId": "c1", "payload": {"result": None}, "at": {"c1": 2}},
            ],
        )

    def test_a_request_that_changes_nothing_is_replied_to_without_a_delta(self):
        connection = self.mounted()
        self.assertEqual(
            connection.ask(action("c1", "reset", requestId=1)),
            {"type": "REPLY", "requestId": 1, "componentId": "c1", "payload": {"result": None}, "at": {"c1": 0}},
        )

    def test_a_request_that_fails_uses_its_number_up(self):
        connection = self.mounted()
        failures = [
            (action("c1", "explode", requestId=1), "unknown_action"),
            (action("c1", "increment", payload="two", requestId=2), "invalid"),
            (set_property("c1", "count", 9, requestId=3), "not_bindable"),
        ]
        for message, code in failures:
            self.assert_error(connection.ask(message), code, componentId="c1", requestId=message["requestId"])
        delta, reply = connection.ask(action("c1", "increment", requestId=4))
        self.assertEqual((delta["from"], delta["version"], reply["requestId"]), (0, 1, 4))

    def test_the_same_request_twice_runs_once_and_gets_the_same_reply(self):
        connection = self.mounted()
        _, reply = connection.ask(action("c1", "increment", requestId=1))
        self.assertEqual(connection.ask(action("c1", "increment", requestId=1)), reply)
        delta, _ = connection.ask(action("c1", "increment", requestId=2))
        self.assertEqual((delta["version"], delta["ops"]), (2, [["=", ["count"], 2]]))

    def test_the_same_failure_twice_gets_the_same_error(self):
        connection = self.mounted()
        error = connection.ask(action("c1", "explode", requestId=1))
        self.assertEqual(connection.ask(action("c1", "explode", requestId=1)), error)

    def test_the_same_request_twice_without_waiting_runs_once(self):
        connection = self.mounted()
        connection.send(action("c1", "increment", requestId=1))
        connection.send(action("c1", "increment", requestId=1))
        connection.send(action("c1", "increment", requestId=2))
        told = []
        while not any(message.get("requestId") == 2 for message in told):
            told += in_one_step(connection.receive())
        deltas = [message for message in told if message["type"] == "STATE_DELTA"]
        self.assertEqual(deltas[-1]["version"], 2)
        self.assertEqual(deltas[-1]["ops"], [["=", ["count"], 2]])

    def test_a_gap_in_the_numbers_closes_1002(self):
        for first in (2, 3):
            with self.subTest(first=first):
                connection = self.mounted()
                connection.send(action("c1", "increment", requestId=first))
                self.assertEqual(connection.close_code(), 1002)

    def test_a_number_that_is_none_is_a_bad_message_and_uses_nothing_up(self):
        connection = self.mounted()
        for number in (0, -1, 1.5, "1", 2**53):
            with self.subTest(number=number):
                answer = connection.ask(action("c1", "increment", requestId=number))
                self.assertEqual((answer["type"], answer["code"]), ("ERROR", "bad_message"))
        connection.send(action("c1", "increment"))
        self.assertEqual(connection.receive()["code"], "bad_message")
        _, reply = connection.ask(action("c1", "increment", requestId=1))
        self.assertEqual(reply["requestId"], 1)

    def test_a_ping_is_answered(self):
        self.assertEqual(self.welcomed().ask({"type": "PING", "at": 1718}), {"type": "PONG", "at": 1718})

    def test_a_second_hello_is_a_bad_message(self):
        connection = self.mounted()
        self.assert_error(connection.ask({"type": "HELLO", "protocol": 1}), "bad_message")
        self.assertEqual(len(connection.ask(action("c1", "increment", requestId=1))), 2)

    def test_a_late_hello_is_a_bad_message_and_the_client_stays_basic(self):
        connection = self.connect()
        connection.ask(mount_counter())
        self.assert_error(connection.ask({"type": "HELLO", "protocol": 1}), "bad_message")
        self.assertEqual(connection.ask(action("c1", "increment"))["type"], "STATE_UPDATE")

    def test_another_version_of_the_protocol_closes_4410(self):
        connection = self.connect()
        self.assert_error(connection.ask({"type": "HELLO", "protocol": 2}), "version_mismatch")
        self.assertEqual(connection.close_code(), 4410)

    def test_an_unknown_session_is_answered_with_a_new_one(self):
        connection = self.connect()
        welcome = connection.ask({"type": "HELLO", "protocol": 1, "session": "nobody", "secret": "nothing", "received": 3})
        self.assertEqual((welcome["type"], welcome["resumed"], welcome["executed"]), ("WELCOME", False, 0))
        self.assertNotEqual(welcome["session"], "nobody")
        connection.ask(mount_counter())
        self.assertEqual(len(connection.ask(action("c1", "increment", requestId=1))), 2)

    def test_a_gap_in_the_state_is_mended_by_a_resync(self):
        connection = self.mounted()
        connection.ask(action("c1", "increment", requestId=1))
        update, *tail = in_one_step(connection.ask({"type": "RESYNC", "componentId": "c1"}))
        self.assertEqual(update["type"], "STATE_UPDATE")
        self.assert_reads_as(update["version"], update["payload"]["state"], tail, version=1, count=1)
        self.assert_error(connection.ask({"type": "RESYNC", "componentId": "c9"}), "gone", componentId="c9")

    def test_an_equal_mount_under_an_id_in_use_is_answered_again_and_another_is_a_conflict(self):
        connection = self.mounted()
        connection.ask(action("c1", "increment", requestId=1))
        again, *tail = in_one_step(connection.ask(mount_counter()))
        self.assertEqual(again["type"], "COMPONENT_MOUNTED")
        self.assert_reads_as(again["version"], again["state"], tail, version=1, count=1)
        self.assert_error(connection.ask(mount_counter(title="Another")), "conflict", componentId="c1")
        delta, _ = connection.ask(action("c1", "increment", requestId=2))
        self.assertEqual(delta["ops"], [["=", ["count"], 2]])

    def test_the_others_get_the_delta_and_only_the_caller_the_reply(self):
        caller, other = self.welcomed(), self.welcomed()
        caller.ask(mount_shared("mine", self.room()))
        other.ask(mount_shared("yours", self.room()))
        ops = [["=", ["count"], 3]]
        self.assertEqual(
            caller.ask(action("mine", "increment", payload=3, requestId=1)),
            [
                {"type": "STATE_DELTA", "componentId": "mine", "from": 0, "version": 1, "ops": ops},
                {"type": "REPLY", "requestId": 1, "componentId": "mine", "payload": {"result": None}, "at": {"mine": 1}},
            ],
        )
        self.assertEqual(other.receive(), {"type": "STATE_DELTA", "componentId": "yours", "from": 0, "version": 1, "ops": ops})
        self.assertEqual(other.ask({"type": "PING", "at": 1}), {"type": "PONG", "at": 1})


def in_one_step(message):
    """The messages of one WebSocket message."""
    return message if isinstance(message, list) else [message]


if __name__ == "__main__":
    unittest.main()
