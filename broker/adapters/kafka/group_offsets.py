"""How far consumer groups have come, as Kafka keeps it.

Asked by kafka-python: librdkafka's admin client (2.16) ends the whole process when a coordinator that is not ready
answers its question about a group's offsets.
"""

from collections.abc import Collection, Mapping
from functools import cached_property

from kafka import KafkaAdminClient
from kafka.errors import GroupAuthorizationFailedError, KafkaError

from broker.adapters.kafka.kafka_python_login import open_client
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin


class NotShown(Exception):
    """The cluster does not let this user see how far these groups have come."""


class GroupOffsets:
    """Asks over a connection of its own, which is made when it is first needed, and anew after a fault."""

    def __init__(self, login: KafkaLogin) -> None:
        self._login = login

    @cached_property
    def _client(self) -> KafkaAdminClient:
        return open_client(KafkaAdminClient, self._login, "samband-groups")

    def committed_offsets(self, groups: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """Of each group, topic -> the offset that it reads next; a topic that it has never read is left out.

        Raises Away, or NotShown where the user may not see one of them.
        """
        if not groups:
            return {}
        try:
            answers = self._client.list_group_offsets(dict.fromkeys(groups))
        except GroupAuthorizationFailedError:
            raise NotShown from None
        except (KafkaError, OSError) as error:
            self.close()
            raise Away(KAFKA, type(error).__name__) from None
        return {
            group: {place.topic: at.offset for place, at in answers.get(group, {}).items() if at.offset >= 0}
            for group in groups
        }

    def close(self) -> None:
        """Let go of the connection, if there is one."""
        if (client := self.__dict__.pop("_client", None)) is not None:
            client.close()
