"""Asking an engine with a time limit: tab and the toolbar must not freeze the prompt."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class NoAnswer(Exception):
    """The question was not answered in time, or an earlier one to the same engine still is not."""


class Patience:
    """Runs questions on a daemon thread and gives up after `seconds`.

    A question that was given up goes on in its thread. Until it ends, others of the same `about` are given up at once,
    so that an engine that hangs costs the wait once, not at each key.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._waiting: dict[int, Thread] = {}
        self._lock = Lock()

    def ask(self, about: object, question: Callable[[], Answer]) -> Answer:
        """The result of `question()`. Raises `NoAnswer`, or the error that `question` raised."""
        asked = _Question(question)
        with self._lock:
            earlier = self._waiting.get(id(about))
            if earlier is not None and earlier.is_alive():
                raise NoAnswer
            self._waiting.pop(id(about), None)
        thread = Thread(target=asked.run, name="ipyclam question", daemon=True)
        thread.start()
        thread.join(self.seconds)
        if thread.is_alive():
            with self._lock:
                self._waiting[id(about)] = thread
            raise NoAnswer
        return asked.answer()


class _Question(Generic[Answer]):
    def __init__(self, question: Callable[[], Answer]) -> None:
        self._question = question
        self._answer: list[Answer] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._answer.append(self._question())
        except BaseException as error:
            self._error = error

    def answer(self) -> Answer:
        if self._error is not None:
            raise self._error
        return self._answer[0]
