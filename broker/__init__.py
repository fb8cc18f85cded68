"""Samband: a broker for lawful information exchange. The rooms, in the path of a message:

`intake` decodes and validates -> `gather` collects facts -> `policies/` decide (`decision`, `ports.PolicyEngine`) ->
`records` writes down -> `effects` (with `cooperation` for the registers) and `pipeline` deliver.

`vocabulary`, `references`, `identity` and `messages` are the words; `merkle`, `checkpoint` and `audit_verifier` the
log's proofs; `authorities` the register; `bundle` the law, compiled; `adapters` the world, one library each;
`bootstrap` puts them together; `cli` is the command line.
"""
