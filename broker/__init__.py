"""Samband: a broker for lawful information exchange. The rooms, in the path of a message:

`intake` decodes and validates (`faults` tells what is wrong) -> `admission` knows its parties, `anonymity` what is left
of one whose sender is stored nowhere -> `gather` collects `facts` (`people` and the `forms` about them, `stated` of a
kind without items) -> `policies/` decide (`decision`, asked through `ports`; `remembered` is what was asked before) ->
`records` writes down, `seals` what it makes -> `effects` (with `cooperation` for the registers, `released` for what
goes out, `letters` for what a refusal encloses) and `pipeline` deliver, a `batch` at a time; `quota` says how much is
kept of what can't be used. `watch` and `clocks` see to what follows with time; `own_notices` is what the broker itself
tells. `guidance` says what may be asked for, and `missing` asks the law what would let an item go, with `suppositions`
of what was left out.

Embedded, all of it is one transaction in one file: `bootstrap` puts that together, `reconcile` compares log and
inboxes. On a cluster `worker` reads outboxes and sends records and deliveries (`streams` are its ports, `distributed`
puts it together, `keys` makes its secrets), `ledger_service` makes the log of the records (`ledgers`),
`correspondence` compares what lies on the topics; `agents/` react. `provision` says who may do what there, `topics`
what all is called, `cloudevents` what stands beside each message.

`vocabulary`, `exchange_vocabulary`, `references`, `identity` and `messages` are the words, `texts` what people read for
them; `merkle`, `checkpoint` and `audit_verifier` the log's proofs; `authorities` the register; `bundle` the law,
compiled; `adapters` the world, one library each; `recency` whether a store is as new as what was published; `settings`
the environment; `metrics` and `health` how it fares; `report` the yearly report; `cli` the command line.
"""
