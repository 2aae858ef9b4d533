"""The form and the todo list of the showcase: validation while typing, and a database that survives the server."""

import unittest

from connection import Connection, action, mount, set_property
from showcase import Showcase
from showcase_test_case import ShowcaseTestCase


class Form(ShowcaseTestCase):
    def mounted(self, **props):
        connection = self.connect()
        answer = connection.ask(mount("f", "FormComponent", **{"name": "", "email": "", "errors": {}, **props}))
        self.assertEqual(answer["type"], "COMPONENT_MOUNTED")
        return connection, answer["state"]

    def state_after(self, connection, message):
        update = connection.ask(message)
        self.assertEqual(update["type"], "STATE_UPDATE")
        return update["payload"]["state"]

    def test_the_props_are_the_first_state_and_errors_in_them_are_ignored(self):
        _, state = self.mounted(name="Ana", errors={"name": "no"})
        self.assertEqual(state, {"name": "Ana", "email": "", "errors": {}})

    def test_errors_come_and_go_while_typing_for_the_field_that_is_typed_into(self):
        connection, _ = self.mounted()
        state = self.state_after(connection, set_property("f", "email", "ana@"))
        self.assertEqual((state["email"], set(state["errors"])), ("ana@", {"email"}))
        state = self.state_after(connection, set_property("f", "email", "ana@example.org"))
        self.assertEqual(state["errors"], {})

    def test_a_field_can_be_validated_untouched(self):
        connection, _ = self.mounted()
        state = self.state_after(connection, action("f", "validateField", payload="name"))
        self.assertEqual(set(state["errors"]), {"name"})
        self.assert_error(
            connection.ask(action("f", "validateField", payload="errors", requestId="r")),
            "invalid",
            componentId="f",
            requestId="r",
        )

    def test_submit_returns_an_id_or_what_is_wrong_by_field(self):
        connection, _ = self.mounted(name="A", email="nope")
        error = connection.ask(action("f", "submit", requestId="r"))
        self.assertEqual((error["code"], set(error["payload"]["fields"])), ("invalid", {"name", "email"}))
        connection, _ = self.mounted(name="Ana", email="ana@example.org")
        reply = connection.ask(action("f", "submit", requestId="r"))
        self.assertIsInstance(reply["payload"]["result"]["id"], str)

    def test_errors_cannot_be_set(self):
        connection, _ = self.mounted()
        self.assertEqual(connection.ask(set_property("f", "errors", {}))["code"], "not_bindable")


class Todos(unittest.TestCase):
    """Each test has a showcase of its own, which it may stop and start."""

    def setUp(self):
        self.showcase = Showcase()
        self.addCleanup(self.showcase.stop)

    def mounted(self, name="home"):
        connection = Connection(self.showcase.host)
        self.addCleanup(connection.close)
        answer = connection.ask(mount("t", "TodoComponent", list=name))
        self.assertEqual(answer["type"], "COMPONENT_MOUNTED")
        return connection, answer["state"]["todos"]

    def result(self, connection, name, payload):
        connection.send(action("t", name, payload=payload, requestId="r"))
        messages = connection.receive_until(lambda message: message["type"] in ("REPLY", "ERROR"))
        return messages[-1]["payload"], messages[0].get("payload", {}).get("state", {}).get("todos")

    def test_todos_survive_a_server_that_is_killed(self):
        connection, todos = self.mounted()
        self.assertEqual(todos, [])
        added, _ = self.result(connection, "addTodo", {"id": "tea", "text": "buy tea"})
        tea = added["result"]
        self.assertEqual((tea["text"], tea["completed"]), ("buy tea", False))
        self.result(connection, "addTodo", {"id": "bread", "text": "buy bread"})
        _, todos = self.result(connection, "toggle", {"id": tea["id"]})
        self.assertEqual([todo["completed"] for todo in todos], [True, False])
        self.showcase.restart()
        connection, after = self.mounted()
        self.assertEqual(after, todos)
        _, todos = self.result(connection, "remove", {"id": tea["id"]})
        self.assertEqual([todo["text"] for todo in todos], ["buy bread"])
        self.showcase.restart()
        _, after = self.mounted()
        self.assertEqual(after, todos)

    def test_each_list_has_its_own(self):
        here, _ = self.mounted("here")
        there, _ = self.mounted("there")
        added, _ = self.result(here, "addTodo", {"id": "mine", "text": "mine"})
        _, todos = self.result(there, "addTodo", {"id": "yours", "text": "yours"})
        self.assertEqual([todo["text"] for todo in todos], ["yours"])
        # The id of another list's todo means nothing here.
        payload, todos = self.result(there, "remove", {"id": added["result"]["id"]})
        self.assertEqual((payload, todos), ({"result": None}, None))

    def test_texts_that_are_refused(self):
        connection, _ = self.mounted()
        payload, _ = self.result(connection, "addTodo", {"id": "1", "text": "  "})
        self.assertEqual(payload["data"], {"kind": "empty"})
        payload, _ = self.result(connection, "addTodo", {"id": "1", "text": "x" * 2_001})
        self.assertEqual(payload["data"], {"kind": "tooLong", "max": 2_000})


if __name__ == "__main__":
    unittest.main()
