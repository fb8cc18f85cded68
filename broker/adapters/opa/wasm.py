"""The policy engine in process: OPA's WebAssembly build of `policies/`, through opa-py-wasm (its only importer)."""

import logging
import weakref
from collections.abc import Mapping
from typing import Any, cast

from opapywasm import OpaWasmPolicy, PolicyConfig
from opapywasm import runtime as _runtime
from opapywasm.errors import OpaWasmError

from broker.adapters.opa.answers import RegoEngine
from broker.bundle import Bundle
from broker.model.decision import PolicyInput
from broker.ports.policy import EngineError

_PAGES = 8192
"""512 MiB: a batch's input, rules and answers; the guest's memory is used again for the next batch."""

# opa-py-wasm 1.2.1 offers two pages at first, whatever the module declares; this policy's constants need three, and
# WebAssembly refuses less than is declared ("memory types incompatible"). There is no setting for it.
_runtime._DEFAULT_MEMORY_PAGES = 64

logging.getLogger("opapywasm").setLevel(logging.ERROR)


class WasmDecisionPoint(RegoEngine):
    """PolicyDecisionPoint over one compiled bundle."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self._policy = OpaWasmPolicy.from_wasm_bytes(
            bundle.wasm, PolicyConfig(pool_size=1, max_memory_pages=_PAGES, max_input_bytes=1 << 28)
        )
        self._policy.set_data(bundle.tables)
        # its native memory is what no garbage collector sees: up to _PAGES for each law that a process has opened
        weakref.finalize(self, self._policy.close)

    def _ask(self, entrypoint: str, inputs: Mapping[str, PolicyInput]) -> dict[str, Any]:
        try:
            answer = self._policy.evaluate({"messages": cast(Any, inputs)}, entrypoint=entrypoint)
        except OpaWasmError as error:
            raise EngineError(f"the policy engine failed ({type(error).__name__})") from None
        if not isinstance(answer, dict):
            raise EngineError("the policy gave no answer")
        return answer
