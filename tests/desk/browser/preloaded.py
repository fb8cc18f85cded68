"""What a forked server has already: the law as machine code, which no kill changes, beside the desk's modules."""

import subprocess
import sys

import wasmtime

import agents.desk.command  # noqa: F401 a server has it from the start
from broker import bundle

_Module = wasmtime.Module


def compile_law() -> bytes:
    """The installed law as machine code, for engines that are configured as opa-py-wasm does."""
    config = wasmtime.Config()
    config.epoch_interruption = True
    return bytes(_Module(wasmtime.Engine(config), bundle.load().wasm).serialize())


class _Compiled(_Module):
    """The installed law, which is not compiled anew."""

    def __new__(cls, engine: wasmtime.Engine, wasm: bytes) -> "_Compiled":
        return _Module.deserialize(engine, _CODE)  # type: ignore[return-value]


if __name__ == "__main__":
    sys.stdout.buffer.write(compile_law())
else:  # by another process: the compiler's threads would be missing in what is forked from this one
    _CODE = subprocess.run([sys.executable, "-m", __name__], check=True, stdout=subprocess.PIPE).stdout
    wasmtime.Module = _Compiled  # type: ignore[misc]
