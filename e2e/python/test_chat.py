"""The chat of the showcase, as a basic and as a full client: the same message reaches both, told once and in order."""

import json
import unittest

from connection import action, mount
from showcase_test_case import ShowcaseTestCase

TEXT_OF_40 = "forty characters, exactly as many as 40."


class Chat(ShowcaseTestCase):
    def enter(self, room, full=True):
        """A connection in the room, and the state it was shown."""
        connection = self.connect()
        if full:
            self.assertEqual(connection.ask({"type": "HELLO", "protocol": 1})["type"], "WELCOME")
        answer = connection.ask(mount("r", "ChatComponent", room=room))
        first, *rest = answer if isinstance(answer, list) else [answer]
        self.assertEqual(first["type"], "COMPONENT_MOUNTED")
        # What follows the snapshot in its message is the way to the present.
        self.assertLessEqual({message["type"] for message in rest}, {"STATE_DELTA"})
        return connection, first["state"]

    def say(self, connection, content, **rest):
        if isinstance(rest.get("requestId"), int):
            rest["received"] = rest["requestId"] - 1
        connection.send(action("r", "sendMessage", payload={"content": content}, **rest))

    def hear(self, connection, *types):
        """The messages up to one of each of these types, whatever WebSocket messages they come in."""
        messages, missing = [], set(types)
        while missing:
            received = connection.receive()
            messages += received if isinstance(received, list) else [received]
            missing -= {message["type"] for message in messages}
        return messages

    def test_the_same_message_reaches_a_basic_and_a_full_client(self):
        full, _ = self.enter(self.room())
        basic, state = self.enter(self.room(), full=False)
        self.assertEqual(len(state["users"]), 2)
        self.hear(full, "STATE_DELTA")  # the other one's arrival
        self.say(basic, "hello", requestId="m1")
        heard_by_basic = self.hear(basic, "STATE_UPDATE", "EVENT", "REPLY")
        self.assertEqual([message["type"] for message in heard_by_basic], ["STATE_UPDATE", "EVENT", "REPLY"])
        update, event, reply = heard_by_basic
        [said] = update["payload"]["state"]["messages"]
        self.assertEqual(set(said), {"id", "content", "userId", "timestamp"})
        self.assertEqual((said["content"], said["id"]), ("hello", reply["payload"]["result"]["id"]))
        self.assertIn(said["userId"], update["payload"]["state"]["users"])
        self.assertEqual((event["event"], event["payload"]), ("MESSAGE_RECEIVED", {"message": said}))
        delta, event = self.hear(full, "STATE_DELTA", "EVENT")
        self.assertEqual(delta["ops"], [["+", ["messages"], said]])
        self.assertEqual(
            event,
            {
                "type": "EVENT",
                "componentId": "r",
                "event": "MESSAGE_RECEIVED",
                "payload": {"message": said},
                "version": delta["version"],
            },
        )

    def test_the_delta_the_event_and_the_reply_are_one_message_in_this_order(self):
        full, _ = self.enter(self.room())
        self.say(full, "hello", requestId=1)
        received = full.receive()
        self.assertEqual([message["type"] for message in received], ["STATE_DELTA", "EVENT", "REPLY"])

    def test_a_message_costs_the_same_in_a_full_room_as_in_an_empty_one(self):
        def bytes_of_one_message(reader, speaker, number):
            self.say(speaker, TEXT_OF_40, requestId=number)
            speaker.receive()
            delta, event = reader.receive()
            # As it travelled: compact, in UTF-8.
            return [len(json.dumps(part, separators=(",", ":"))) for part in (delta, event)]

        self.assertEqual(len(TEXT_OF_40), 40)
        speaker, _ = self.enter(self.room())
        reader, _ = self.enter(self.room())
        speaker.receive()  # the reader's arrival
        in_empty_room = bytes_of_one_message(reader, speaker, 1)
        for number in range(2, 501):
            bytes_of_one_message(reader, speaker, number)
        in_full_room = bytes_of_one_message(reader, speaker, 501)
        delta, event = in_full_room
        print(f"\n    a 40-character message into a room of 500: delta {delta} bytes, event {event} bytes")
        self.assertLessEqual(delta, 250)
        self.assertLessEqual(event, 250)
        for empty, full in zip(in_empty_room, in_full_room):
            self.assertLessEqual(full - empty, 10, "only the numbers grew")

    def test_a_room_remembers_the_last_thousand(self):
        speaker, _ = self.enter(self.room())
        for number in range(1, 1_003):
            self.say(speaker, f"message {number}", requestId=number)
            speaker.receive()
        late, state = self.enter(self.room(), full=False)
        contents = [message["content"] for message in state["messages"]]
        self.assertEqual((len(contents), contents[0], contents[-1]), (1_000, "message 3", "message 1002"))

    def test_texts_that_are_refused(self):
        full, _ = self.enter(self.room())
        for number, (content, data) in enumerate(
            [("", {"kind": "empty"}), (" \n", {"kind": "empty"}), ("x" * 2_001, {"kind": "tooLong", "max": 2_000})], 1
        ):
            self.say(full, content, requestId=number)
            error = full.receive()
            self.assertEqual((error["code"], error["payload"]["data"]), ("action", data))
        self.say(full, "x" * 2_000, requestId=4)
        self.assertEqual(full.receive()[-1]["type"], "REPLY")

    def test_who_closes_the_connection_has_left_at_once(self):
        reader, _ = self.enter(self.room())
        guest, state = self.enter(self.room())
        self.assertEqual(len(state["users"]), 2)
        [arrival] = self.hear(reader, "STATE_DELTA")
        [[code, [field, joined], _]] = arrival["ops"]
        self.assertEqual((code, field), ("=", "users"))
        guest.close()
        [departure] = self.hear(reader, "STATE_DELTA")
        self.assertEqual(departure["ops"], [["-", ["users"], joined]])

    def test_who_loses_the_connection_and_comes_back_is_the_same_visitor(self):
        reader, _ = self.enter(self.room())
        guest = self.connect()
        welcome = guest.ask({"type": "HELLO", "protocol": 1})
        guest.ask(mount("r", "ChatComponent", room=self.room()))
        [arrival] = self.hear(reader, "STATE_DELTA")
        [[_, [_, joined], _]] = arrival["ops"]
        guest.drop()
        again = self.connect()
        session = {"session": welcome["session"], "secret": welcome["secret"]}
        self.assertEqual(again.ask({"type": "HELLO", "protocol": 1, **session})["type"], "WELCOME")
        answer = again.ask(mount("r", "ChatComponent", room=self.room()))
        mounted = answer[0] if isinstance(answer, list) else answer
        self.assertIn(joined, mounted["state"]["users"])
        self.assertEqual(len(mounted["state"]["users"]), 2)
        self.say(again, "I am back", requestId=1)
        said = self.hear(reader, "STATE_DELTA", "EVENT")[-1]["payload"]["message"]
        self.assertEqual(said["userId"], joined)

    def test_who_closes_and_means_to_come_back_has_not_left(self):
        reader, _ = self.enter(self.room())
        for code in (1000, 1001, 4000):
            guest, _ = self.enter(self.room())
            self.hear(reader, "STATE_DELTA")
            guest.close(code)
            if code != 4000:
                [departure] = self.hear(reader, "STATE_DELTA")
                self.assertEqual(departure["ops"][0][:2], ["-", ["users"]])
        late, state = self.enter(self.room())
        self.assertEqual(len(state["users"]), 3)

    def test_who_is_closed_for_one_large_message_has_not_left(self):
        reader, _ = self.enter(self.room())
        guest, state = self.enter(self.room())
        self.hear(reader, "STATE_DELTA")
        guest.send("x" * 70_000)
        self.assertEqual(guest.close_code(), 1009)
        late, state = self.enter(self.room())
        self.assertEqual(len(state["users"]), 3)

    def test_another_rooms_messages_are_not_heard(self):
        here, _ = self.enter(self.room())
        there, _ = self.enter(self.room() + "-2")
        self.say(there, "psst", requestId=1)
        there.receive()
        self.say(here, "hello", requestId=1)
        self.assertEqual(here.receive()[1]["payload"]["message"]["content"], "hello")


if __name__ == "__main__":
    unittest.main()
