"""What the tests share: one showcase for a class of tests, connections that end with the test."""

import unittest

from connection import Connection
from showcase import Showcase


class ShowcaseTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.showcase = Showcase()
        cls.addClassCleanup(cls.showcase.stop)

    def connect(self, **options):
        connection = Connection(self.showcase.host, **options)
        self.addCleanup(connection.close)
        return connection

    def room(self):
        """A room that no other test enters."""
        return self.id().rsplit(".", 1)[-1]

    def assert_error(self, message, code, **fields):
        """An `ERROR` with this code, these fields beside the payload, a text for people, and nothing else."""
        self.assertIsInstance(message, dict)
        payload = message.pop("payload", None)
        self.assertEqual(message, {"type": "ERROR", "code": code, **fields})
        self.assertIsInstance(payload, dict)
        self.assertIsInstance(payload["error"], str)
        self.assertNotEqual(payload["error"], "")
        self.assertLessEqual(set(payload), {"error", "action", "property", "fields", "data", "id"})
