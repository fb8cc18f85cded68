"""Kafka: librdkafka where a transaction is needed, kafka-python for the rest."""
