"""Samband: a broker for lawful information exchange between agencies (informationsutbyte mellan myndigheter).

The rooms, each importing only from those before it (`tests/test_layering.py`):

`model` is what all others speak: words, identities, days, references, the envelope and parts of a message, receipts.
`texts` are the words for people, Swedish and English, as data.
`topics` names what lies on Kafka.
`cloudevents` are the headers beside each message there.
`authorities` is the register of who may take part.
`deadlines` watches what is due (bevakning; a process manager with timers): pure functions over events.
`retention` says until when what a message says is kept: pure functions over a table of the law's (gallring).
`provision` says who may do what on a cluster.
`ports` is what the heart needs from the world, with what it may rely on.
`facts` says what parts, parties, persons and registers mean to the law, without any identity.
`log` is the transparency log (logg): its tree, checkpoints, verification and reconciliation.
`kinds` are the typed messages, one module for each family, in which each kind answers for itself.
`advice` says what may be asked for, and what would let an item go (vägledning).
`pipeline` is the path of a message, and the policy enforcement point: decode, validate, decide, record, deliver.
`bundle` is the law of `policies/`, compiled.
`settings` is the one place that reads the environment.
`adapters` are the ports on real systems, one folder for each.
`adapters/avro` writes and reads the canonical form of a message.
`adapters/opa` asks Open Policy Agent, in process or on a server (policy decision point).
`adapters/cose` writes receipts of records for verifiers elsewhere.
`adapters/files` keeps keys, the register's file, drop folders and checkpoints.
`adapters/http` hands checkpoints to witnesses, and to where they are published.
`adapters/prometheus` measures.
`adapters/otel` hands spans of each message's way to a collector.
`adapters/sql` keeps registers, inboxes, log, the transactional outbox, the read model and dead letters (karantän).
`adapters/kafka` carries: an idempotent consumer of outboxes, transactions, what lies on topics.
`runtime` puts it together: embedded in one file, or a cluster's worker and ledger.
`evidence` is what is handed out so that a stranger can verify it, with the page that does so.
`report` is the yearly report.
`explanation` says why what was decided was decided so, and what would change it.
`web` is the frame of the pages: login, sessions, rights, looks.
`review` are the pages for who reviews the log, or runs the broker.
`cli` is the command line.

A message's path: `pipeline.decode` -> `pipeline.validate` -> `pipeline.gather` -> the law, through `ports.policy` ->
`pipeline.audit_record` and `pipeline.outcome` -> one commit in `ports.store` -> inboxes, or the outbox and Kafka.
"""
