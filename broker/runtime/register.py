"""Follows the register that is announced on Kafka, so that every program goes by the same one without a restart."""

from collections.abc import Callable
from dataclasses import dataclass

from broker.adapters.files.register_file import RegisterFile
from broker.adapters.kafka.register_topic import open_register
from broker.authorities import RegisterError
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin


@dataclass
class FollowedRegister:
    """The register of a program on a cluster: what was announced last, or until then its own file.

    `end`: how far the topic goes now, where the program has a way of its own to ask. `changed` is told of a new one.
    """

    file: RegisterFile
    login: KafkaLogin
    end: Callable[[], int] | None = None
    changed: Callable[[], None] = lambda: None
    _read: int = 0

    def look(self) -> bool:
        """Take in what is announced by now; whether that is new.

        Raises Away, also of one that this version can't read: nothing may be decided under an older one then.
        """
        if self.end is not None and self.end() == self._read:
            return self.file.look()
        with open_register(self.login) as topic:
            end = topic.end()
            if end == self._read:
                return self.file.look()
            if end < self._read:
                raise Away(KAFKA, "RegisterGone", "Kafka no longer holds the register that was announced")
            newest = next(topic.read(end - 1, end))
        try:
            if newest.file is not None:
                self.file.adopt(newest.file)
        except RegisterError as error:
            raise Away(KAFKA, "RegisterError", str(error)) from None
        self._read = end
        self.changed()
        return True
