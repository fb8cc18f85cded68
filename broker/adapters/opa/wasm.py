"""The policy engine in process: OPA's WebAssembly build of `policies/`, through wasmtime (its only importer).

It is asked by OPA's binary interface: https://www.openpolicyagent.org/docs/wasm. A question is one call; its bytes and
what the call allocates lie behind the tables, and the next question is written over them. The call goes by wasmtime's C
interface: its `Func` looks at every argument's type each time, which took twenty times as long as an empty question.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from ctypes import addressof, byref, memmove, string_at
from threading import Lock
from typing import Any, cast

from wasmtime import Engine, Func, FuncType, Instance, Limits, Memory, MemoryType, Module, Store, Trap, WasmtimeError
from wasmtime import _ffi as ffi
from wasmtime._func import enter_wasm

from broker.adapters.files import own_cache
from broker.adapters.opa.answers import RegoEngine
from broker.bundle import Bundle
from broker.model.decision import PolicyInput
from broker.ports.policy import EngineError

_PAGE = 1 << 16
_FEWEST = 64
"""The module's constants alone need three."""
_MOST = 8192
"""512 MiB: a batch's input, rules and answers; the guest's memory is used again for the next batch."""
_CHUNK = 1 << 14
_FAULTS = (WasmtimeError, Trap, IndexError)


class LawAbort(Exception):
    """The module gave up, or asked the host for a function that this law does not use."""


class WasmLaw:
    """One compiled law with its tables. Safe to use from several threads: one question at a time."""

    def __init__(self, wasm: bytes, tables: bytes, most: int = _MOST) -> None:
        """`most`: pages of memory."""
        self._most = most
        self._engine = Engine()
        self._module = _compile(self._engine, wasm)
        self._tables = tables
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._store = Store(self._engine)
        self._memory = Memory(self._store, MemoryType(Limits(_FEWEST, self._most)))
        imports = [
            self._memory if isinstance(wanted.type, MemoryType) else self._refusing(cast(FuncType, wanted.type))
            for wanted in self._module.imports
        ]
        exports = Instance(self._store, self._module, imports).exports(self._store)
        self._evaluate = cast(Func, exports["opa_eval"])
        self._arguments = (ffi.wasmtime_val_raw_t * 7)()

        def call(name: str, *arguments: int) -> int:
            return int(cast(Func, exports[name])(self._store, *arguments))

        self._entrypoints: Mapping[str, int] = json.loads(self._string(call("opa_json_dump", call("entrypoints"))))
        at = call("opa_malloc", len(self._tables))
        self._write(self._tables, at)
        self._data = call("opa_json_parse", at, len(self._tables))
        self._free = call("opa_heap_ptr_get")

    def _refusing(self, type_: FuncType) -> Func:
        def refuse(*_: int) -> int:
            raise LawAbort

        return Func(self._store, type_, refuse)

    def evaluate(self, question: Any, entrypoint: str) -> Any:
        """The entrypoint's answer; None where it is undefined. Raises LawAbort, WasmtimeError or Trap.

        After a fault the module is begun anew: nobody knows how it left its memory.
        """
        data = json.dumps(question, separators=(",", ":"), allow_nan=False).encode()
        with self._lock:
            try:
                answer = json.loads(self._ask(data, self._entrypoints[entrypoint]))
            except BaseException:
                self._begin()
                raise
        return answer[0]["result"] if answer else None

    def _ask(self, data: bytes, entrypoint: int) -> bytes:
        behind = -(-(self._free + len(data)) // 8) * 8
        if (lacking := behind - self._memory.data_len(self._store)) > 0:
            self._memory.grow(self._store, -(-lacking // _PAGE))
        self._write(data, self._free)
        return self._string(self._call(0, entrypoint, self._data, self._free, len(data), behind, 0))

    def _call(self, *arguments: int) -> int:
        for place, argument in zip(self._arguments, arguments, strict=True):
            place.i32 = argument
        with enter_wasm(self._store) as trap:
            called = byref(self._evaluate._func)
            context, count = self._store._context(), len(arguments)
            error = ffi.wasmtime_func_call_unchecked(context, called, self._arguments, count, trap)
            if error:
                raise WasmtimeError._from_ptr(error)
        return int(self._arguments[0].i32)

    def _write(self, data: bytes, at: int) -> None:
        if not 0 < at <= self._memory.data_len(self._store) - len(data):
            raise IndexError("no place for a question")
        memmove(self._base() + at, data, len(data))

    def _string(self, at: int) -> bytes:
        """The bytes there, as far as the zero that ends them."""
        base, end = self._base(), self._memory.data_len(self._store)
        parts, size = list[bytes](), _CHUNK
        while 0 < at < end:
            chunk = string_at(base + at, min(size, end - at))
            if (zero := chunk.find(0)) >= 0:
                return b"".join((*parts, chunk[:zero]))
            parts.append(chunk)
            at, size = at + len(chunk), 2 * size
        raise IndexError("an answer without an end")

    def _base(self) -> int:
        """Where the guest's memory begins; it may move when it grows."""
        return addressof(self._memory.data_ptr(self._store).contents)


def _compile(engine: Engine, wasm: bytes) -> Module:
    """Compiled, or as this version of wasmtime compiled it before: it takes most of a second."""
    name = hashlib.sha256(wasm).hexdigest()
    if kept := own_cache.read(name):
        with suppress(WasmtimeError):
            return Module.deserialize(engine, kept)
    module = Module(engine, wasm)
    own_cache.keep(name, bytes(module.serialize()))
    return module


class WasmDecisionPoint(RegoEngine):
    """PolicyDecisionPoint over one compiled bundle."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self._policy = WasmLaw(bundle.wasm, bundle.tables)

    def _ask(self, entrypoint: str, inputs: Mapping[str, PolicyInput]) -> dict[str, Any]:
        try:
            answer = self._policy.evaluate({"messages": inputs}, entrypoint=entrypoint)
        except (*_FAULTS, LawAbort, ValueError) as error:
            raise EngineError(f"the policy engine failed ({type(error).__name__})") from None
        if not isinstance(answer, dict):
            raise EngineError("the policy gave no answer")
        return answer
