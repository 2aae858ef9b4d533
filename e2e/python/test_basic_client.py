"""A basic client: no HELLO, whole states, twenty lines of any language. This is the one written in Python."""

import json
import unittest

from websockets.exceptions import InvalidStatus

from connection import action, mount, mount_counter, mount_shared, set_property
from showcase_test_case import ShowcaseTestCase

LARGEST_MESSAGE_BYTES = 64 * 1024


class Conversation(ShowcaseTestCase):
    """What is said when all is well. To a basic client every message travels alone."""

    def mounted(self, **props):
        connection = self.connect()
        answer = connection.ask(mount_counter(**props))
        self.assertEqual(answer["type"], "COMPONENT_MOUNTED")
        return connection

    def test_the_example_of_the_protocol_word_for_word(self):
        connection = self.connect()
        mounted = connection.ask(
            '{"type":"COMPONENT_MOUNT","componentId":"c1","payload":{"component":"CounterComponent","props":{"count":0,"title":"Live Counter"}}}'
        )
        epoch = mounted.pop("epoch")
        self.assertIsInstance(epoch, str)
        self.assertNotEqual(epoch, "")
        state = {"count": 0, "title": "Live Counter"}
        self.assertEqual(mounted, {"type": "COMPONENT_MOUNTED", "componentId": "c1", "version": 0, "state": state})

        update = connection.ask('{"type":"COMPONENT_ACTION","componentId":"c1","action":"increment"}')
        state = {"count": 1, "title": "Live Counter"}
        self.assertEqual(
            update,
            {"type": "STATE_UPDATE", "componentId": "c1", "epoch": epoch, "version": 1, "payload": {"state": state}},
        )

        error = connection.ask('{"type":"COMPONENT_ACTION","componentId":"c1","action":"explode","requestId":"x"}')
        text = "the component `CounterComponent` has no action `explode`"
        self.assertEqual(
            error,
            {
                "type": "ERROR",
                "code": "unknown_action",
                "payload": {"action": "explode", "error": text},
                "componentId": "c1",
                "requestId": "x",
            },
        )

    def test_a_request_without_an_id_is_not_replied_to(self):
        connection = self.mounted()
        connection.send(action("c1", "increment"))
        connection.send(action("c1", "increment", requestId="fence"))
        # Requests to one component are handled in order: a reply to the first would come before the second's.
        *updates, reply = connection.receive_until(lambda message: message["type"] == "REPLY")
        self.assertEqual(reply["requestId"], "fence")
        self.assertEqual({message["type"] for message in updates}, {"STATE_UPDATE"})
        self.assertEqual(count_in(updates[-1]), 2)

    def test_the_state_precedes_the_reply_and_each_travels_alone(self):
        connection = self.mounted()
        for version, request_id in enumerate(["a string", 7], start=1):
            update = connection.ask(action("c1", "increment", payload=5, requestId=request_id))
            self.assertEqual((update["type"], update["version"]), ("STATE_UPDATE", version))
            self.assertEqual(update["payload"]["state"]["count"], 5 * version)
            self.assertEqual(
                connection.receive(),
                {
                    "type": "REPLY",
                    "requestId": request_id,
                    "componentId": "c1",
                    "payload": {"result": None},
                    "at": {"c1": version},
                },
            )

    def test_the_counter_never_goes_below_zero(self):
        connection = self.mounted(count=3)
        self.assertEqual(count_in(connection.ask(action("c1", "decrement"))), 2)
        self.assertEqual(count_in(connection.ask(action("c1", "decrement", payload=5))), 0)
        # Nothing changes now, so no state is sent; the reply says which version that is.
        reply = connection.ask(action("c1", "decrement", requestId="d"))
        self.assertEqual((reply["type"], reply["at"]), ("REPLY", {"c1": 2}))
        self.assertEqual(count_in(connection.ask(action("c1", "increment"))), 1)

    def test_reset_goes_back_to_zero(self):
        connection = self.mounted(count=41)
        self.assertEqual(count_in(connection.ask(action("c1", "increment"))), 42)
        self.assertEqual(count_in(connection.ask(action("c1", "reset"))), 0)

    def test_a_bindable_field_can_be_set(self):
        connection = self.mounted()
        update = connection.ask(set_property("c1", "title", "Clicks", requestId=1))
        self.assertEqual(update["payload"]["state"], {"count": 0, "title": "Clicks"})
        reply = connection.receive()
        self.assertEqual((reply["type"], reply["requestId"], reply["at"]), ("REPLY", 1, {"c1": 1}))

    def test_two_connections_see_each_others_shared_counter(self):
        first, second = self.connect(), self.connect()
        here = first.ask(mount_shared("mine", self.room()))
        there = second.ask(mount_shared("yours", self.room()))
        self.assertEqual((here["state"], there["state"]), ({"count": 0}, {"count": 0}))
        self.assertEqual(here["epoch"], there["epoch"])

        first.send(action("mine", "increment", payload=3))
        for connection, component_id in ((first, "mine"), (second, "yours")):
            update = connection.receive()
            self.assertEqual((update["componentId"], update["version"], count_in(update)), (component_id, 1, 3))
        second.send(action("yours", "decrement"))
        for connection in (first, second):
            self.assertEqual(count_in(connection.receive()), 2)

    def test_two_private_counters_know_nothing_of_each_other(self):
        first, second = self.mounted(), self.mounted()
        self.assertEqual(count_in(first.ask(action("c1", "increment"))), 1)
        self.assertEqual(count_in(second.ask(action("c1", "increment"))), 1)

    def test_of_a_batch_each_message_fails_alone(self):
        connection = self.mounted()
        connection.send([action("c1", "increment"), action("c1", "explode"), action("c1", "increment", requestId="last")])
        # Two changes at once may come as one state; each message still travels alone, and the state before the reply.
        told = connection.receive_until(lambda message: message["type"] == "REPLY")
        self.assertEqual([message["code"] for message in told if message["type"] == "ERROR"], ["unknown_action"])
        updates = [message for message in told if message["type"] == "STATE_UPDATE"]
        self.assertEqual((updates[-1]["version"], count_in(updates[-1])), (2, 2))
        self.assertEqual(told[-1]["at"], {"c1": 2})

    def test_a_latecomer_is_mounted_at_the_current_state(self):
        early = self.connect()
        early.ask(mount_shared("mine", self.room()))
        early.ask(action("mine", "increment", payload=3))
        mounted = self.connect().ask(mount_shared("yours", self.room()))
        self.assertEqual((mounted["type"], mounted["version"], mounted["state"]), ("COMPONENT_MOUNTED", 1, {"count": 3}))

    def test_a_ping_is_answered(self):
        self.assertEqual(self.connect().ask({"type": "PING", "at": 1718}), {"type": "PONG", "at": 1718})


class Refusals(ShowcaseTestCase):
    """What costs one error reply. The connection and the component go on working after each."""

    def setUp(self):
        self.connection = self.connect()
        self.connection.ask(mount_counter())
        self.count = 0
        self.addCleanup(self.assert_it_still_works)

    def assert_it_still_works(self):
        self.count += 1
        self.assertEqual(count_in(self.connection.ask(action("c1", "increment"))), self.count)

    def refused(self, message, code, **fields):
        with self.subTest(message=str(message)[:120]):
            self.assert_error(self.connection.ask(message), code, **fields)
            self.assert_it_still_works()

    def test_an_unknown_action(self):
        self.refused(action("c1", "explode"), "unknown_action", componentId="c1")
        for name in ("mount", "drop", "constructor", "__proto__", "Increment"):
            self.refused(action("c1", name, requestId=name), "unknown_action", componentId="c1", requestId=name)

    def test_an_unknown_component(self):
        for name in ("NoSuchComponent", "counterComponent", "__proto__", "../x", ""):
            self.refused(mount("c2", name, count=0, title=""), "unknown_component", componentId="c2")

    def test_a_bad_payload(self):
        for payload in ("two", 1.5, True, [1], {"amount": 1}, 2**64):
            self.refused(action("c1", "increment", payload=payload, requestId="p"), "invalid", componentId="c1", requestId="p")
        self.refused(action("c1", "increment", payload="two"), "invalid", componentId="c1")

    def test_an_unknown_prop(self):
        self.refused(mount("c2", "CounterComponent", count=0, title="", colour="red"), "invalid", componentId="c2")

    def test_props_of_the_wrong_shape(self):
        self.refused(mount("c2", "CounterComponent", count="0", title=""), "invalid", componentId="c2")
        self.refused(
            {"type": "COMPONENT_MOUNT", "componentId": "c2", "payload": {"component": "CounterComponent", "props": [0, ""]}},
            "invalid",
            componentId="c2",
        )

    def test_an_unknown_property(self):
        for name in ("colour", "__proto__", ""):
            self.refused(set_property("c1", name, 1, requestId="q"), "not_bindable", componentId="c1", requestId="q")

    def test_a_field_that_is_not_bindable(self):
        self.refused(set_property("c1", "count", 99), "not_bindable", componentId="c1")
        self.refused(set_property("c1", "count", 99, requestId=3), "not_bindable", componentId="c1", requestId=3)

    def test_a_wrong_type_for_a_bindable_field(self):
        for value in (7, None, ["Clicks"], {"title": "Clicks"}):
            self.refused(set_property("c1", "title", value), "invalid", componentId="c1")

    def test_text_that_is_not_a_message(self):
        for text in ("", "increment", "{", "null", "7", '"PING"', "[]", "{}", '{"type":"PING","at":1} {}', '{"type":"PING","at":1e400}'):
            self.refused(text, "bad_message")

    def test_repeated_keys(self):
        self.refused('{"type":"PING","at":1,"at":1}', "bad_message")
        self.refused('{"type":"PING","type":"PING","at":1}', "bad_message")
        inside = json.dumps(mount_counter("c2")).replace('"count": 0', '"count": 0, "count": 1')
        self.refused(inside, "bad_message")

    def test_a_lone_surrogate(self):
        self.refused(json.dumps(mount_counter("c2", title="\ud800")), "bad_message")

    def test_an_unknown_type_or_field(self):
        self.refused({"type": "EXPLODE"}, "bad_message")
        self.refused({"type": "PING", "at": 1, "colour": "red"}, "bad_message")


class Endings(ShowcaseTestCase):
    """What a connection is not given for, or ends with: each with its status or its close code."""

    def refusal(self, **options):
        with self.assertRaises(InvalidStatus) as refused:
            self.connect(**options)
        response = refused.exception.response
        return response.status_code, (response.body or b"").decode()

    def test_the_own_origin_is_let_in(self):
        connection = self.connect(origin=f"http://{self.showcase.host}")
        self.assertEqual(connection.ask({"type": "PING", "at": 1})["type"], "PONG")

    def test_a_foreign_origin_is_refused(self):
        port = self.showcase.host.rsplit(":", 1)[1]
        for origin in (
            "http://evil.example",
            f"http://127.0.0.1.evil.example:{port}",
            "http://127.0.0.1:1",
            "null",
        ):
            with self.subTest(origin=origin):
                self.assertEqual(self.refusal(origin=origin)[0], 403)

    def test_a_doubled_origin_is_refused(self):
        own = f"http://{self.showcase.host}"
        self.assertEqual(self.refusal(additional_headers=[("Origin", own), ("Origin", own)])[0], 403)

    def test_a_token_in_the_address_is_refused_with_a_hint(self):
        for name in ("token", "access_token", "auth"):
            with self.subTest(name=name):
                status, hint = self.refusal(path=f"/live?{name}=s3cret-42")
                self.assertEqual(status, 400)
                self.assertNotEqual(hint, "")
                self.assertNotIn("s3cret-42", hint)

    def test_only_unknown_subprotocols_are_refused_with_the_supported_list(self):
        status, supported = self.refusal(subprotocols=["chat.v9"])
        self.assertEqual(status, 400)
        self.assertIn("fluxstack-live.v1.json", supported)
        self.assertIn("fluxstack-live.v1.msgpack", supported)

    def test_the_json_subprotocol_is_chosen_among_unknown_ones(self):
        self.assertEqual(self.connect(subprotocols=["chat.v9", "fluxstack-live.v1.json"]).subprotocol, "fluxstack-live.v1.json")
        self.assertIsNone(self.connect().subprotocol)

    def test_a_message_over_64_kib_closes_1009(self):
        largest = '{"type":"PING","at":1}'.ljust(LARGEST_MESSAGE_BYTES)
        connection = self.connect()
        self.assertEqual(connection.ask(largest)["type"], "PONG")
        connection.send(largest + " ")
        self.assertEqual(connection.close_code(), 1009)

    def test_a_binary_message_on_the_json_protocol_closes_1003(self):
        connection = self.connect()
        connection.send(b'{"type":"PING","at":1}')
        self.assertEqual(connection.close_code(), 1003)


def count_in(update):
    assert update["type"] == "STATE_UPDATE", update
    return update["payload"]["state"]["count"]


if __name__ == "__main__":
    unittest.main()
