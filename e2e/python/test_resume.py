"""A full client that loses its connection: it says what it has, and goes on where it was."""

import unittest

from connection import action, mount_counter, mount_shared
from showcase_test_case import ShowcaseTestCase


class Resume(ShowcaseTestCase):
    def begin(self):
        """A session with a private counter at 5, as in the protocol's example."""
        connection = self.connect()
        welcome = connection.ask({"type": "HELLO", "protocol": 1})
        mounted = connection.ask(mount_counter())
        state, reply = connection.ask(action("c1", "increment", payload=5, requestId=1))
        self.assertEqual((state["version"], reply["at"]), (1, {"c1": 1}))
        self.point = {"componentId": "c1", "epoch": mounted["epoch"], "version": 1}
        return connection, welcome

    def hello(self, welcome, **rest):
        return {"type": "HELLO", "protocol": 1, "session": welcome["session"], "secret": welcome["secret"], **rest}

    def test_the_example_of_the_protocol(self):
        connection, welcome = self.begin()
        connection.send(action("c1", "increment", requestId=2, received=1))
        # The server has executed it when it answers what came after it; nothing of that is read.
        connection.send({"type": "PING", "at": 1})
        connection.receive_until(lambda message: isinstance(message, dict) and message["type"] == "PONG")
        connection.drop()
        again = self.connect()
        resumed = again.ask(self.hello(welcome, received=1, components=[self.point]))
        self.assertEqual((resumed["resumed"], resumed["session"], resumed["executed"]), (True, welcome["session"], 2))
        self.assertNotEqual(resumed["secret"], welcome["secret"])
        [reply] = resumed["replies"]
        self.assertEqual((reply["type"], reply["requestId"], reply["at"]), ("REPLY", 2, {"c1": 2}))
        mounted = again.receive()
        self.assertEqual((mounted["version"], mounted["ops"]), (2, [["=", ["count"], 6]]))
        self.assertNotIn("state", mounted)
        # Sent again all the same, it does not count again; the next one does.
        again.send([action("c1", "increment", requestId=2), action("c1", "increment", requestId=3)])
        answers = again.receive()
        # State first, whatever is answered.
        self.assertEqual([answer["type"] for answer in answers], ["STATE_DELTA", "REPLY", "REPLY"])
        self.assertEqual((answers[0]["ops"], answers[1]["requestId"]), ([["=", ["count"], 7]], 2))

    def test_nothing_changed_costs_nothing(self):
        connection, welcome = self.begin()
        connection.drop()
        again = self.connect()
        again.send(self.hello(welcome, received=1, components=[self.point]))
        self.assertEqual(again.receive()["replies"], [])
        self.assertEqual(again.receive(), {"type": "COMPONENT_MOUNTED", **self.point, "ops": []})

    def test_a_lost_welcome_loses_nothing_and_a_used_secret_opens_nothing(self):
        connection, welcome = self.begin()
        connection.drop()
        for _ in range(2):
            lost = self.connect()
            lost.send(self.hello(welcome, received=1))
            lost.drop()
        again = self.connect()
        self.assertTrue(again.ask(self.hello(welcome, received=1))["resumed"])
        again.ask({"type": "PING", "at": 1})
        late = self.connect().ask(self.hello(welcome, received=1))
        self.assertEqual((late["resumed"], late["executed"]), (False, 0))
        self.assertNotEqual(late["session"], welcome["session"])

    def test_a_newer_connection_takes_over(self):
        older, welcome = self.begin()
        newer = self.connect()
        self.assertTrue(newer.ask(self.hello(welcome, received=1, components=[self.point]))["resumed"])
        self.assertEqual(older.close_code(), 4409)

    def test_what_is_not_listed_is_unmounted_and_what_is_not_there_is_gone(self):
        connection, welcome = self.begin()
        connection.drop()
        again = self.connect()
        self.assertTrue(again.ask(self.hello(welcome, components=[{"componentId": "never"}]))["resumed"])
        self.assertEqual(again.receive(), {"type": "COMPONENT_UNMOUNTED", "componentId": "never", "reason": "gone"})
        error = again.ask(action("c1", "increment", requestId=2))
        self.assertEqual((error["type"], error["code"], error["requestId"]), ("ERROR", "gone", 2))

    def test_changes_of_others_are_told_at_the_return(self):
        room = self.room()
        here = self.connect()
        welcome = here.ask({"type": "HELLO", "protocol": 1})
        mounted = here.ask(mount_shared("r", room))
        here.drop()
        there = self.connect()
        there.ask({"type": "HELLO", "protocol": 1})
        there.ask(mount_shared("r", room))
        there.ask(action("r", "increment", payload=2, requestId=1))
        point = {"componentId": "r", "epoch": mounted["epoch"], "version": mounted["version"]}
        again = self.connect()
        again.send(self.hello(welcome, components=[point]))
        self.assertTrue(again.receive()["resumed"])
        told = again.receive()
        self.assertEqual((told["type"], told["ops"]), ("COMPONENT_MOUNTED", [["=", ["count"], 2]]))

    def test_a_page_that_was_loaded_again_gets_a_session_of_its_own(self):
        tab, welcome = self.begin()
        page = self.connect().ask(self.hello(welcome, anew=True))
        self.assertEqual(page["resumed"], False)
        self.assertNotEqual(page["session"], welcome["session"])
        _, reply = tab.ask(action("c1", "increment", requestId=2))
        self.assertEqual(reply["at"], {"c1": 2})


if __name__ == "__main__":
    unittest.main()
