"""Who may know whom (design, section 4): read from the source, not from what happens to run."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import broker
from broker.kinds import KINDS

ROOT = Path(__file__).resolve().parents[1]
OWN = ("broker", "agents", "schemas", "scenery")
FILES = sorted(file for top in OWN for file in (ROOT / top).rglob("*.py"))

ORDER = [
    {"model", "texts", "topics", "cloudevents"},
    {"authorities"},
    {"deadlines", "provision", "retention"},
    {"ports"},
    {"facts", "log"},
    {"kinds"},
    {"advice", "pipeline"},
    {"bundle", "settings"},
    {"adapters.avro", "adapters.files", "adapters.http", "adapters.otel", "adapters.prometheus"},
    {"adapters.cose", "adapters.opa"},
    {"adapters.sql"},
    {"adapters.kafka"},
    {"runtime"},
    {"evidence", "explanation", "report", "web"},
    {"review"},
    {"cli"},
    {"agents"},
    {"schemas", "scenery"},
]
"""A room imports only from rooms before it. A new room takes its place here."""
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
HEART = {room for room, rank in RANK.items() if rank <= RANK["pipeline"]}

IMPORTERS = {
    "pydantic": (
        "broker/(kinds/.*|model/.*|authorities/(__init__|desks|sealing_keys)|pipeline/(decode|notices)|adapters/avro/codec|runtime/tokens)|schemas/.*"
        "|agents/desk/forms/(fields|reading)"
    ),
    "orjson": "broker/model/canonical",
    "personnummer": "broker/model/identity",
    "dateutil": "broker/deadlines/working_days",
    "stdnum": "broker/model/identity",
    "fastavro": "broker/adapters/avro/codec",
    "wasmtime": "broker/adapters/opa/wasm",
    "opa_client": "broker/adapters/opa/server",
    "cryptography": "broker/adapters/(files/(cipher|signing|upkeep)|opa/signed_bundle)|agents/agency/sealing",
    "cbor2": "broker/adapters/cose/receipt",
    "cwt": "broker/adapters/cose/receipt",
    "confluent_kafka": "broker/adapters/kafka/.*|scenery/bench/kafka_.*",  # the bench: same client
    "sqlalchemy": (
        # embedded: a type
        "broker/(adapters/sql/.*|runtime/embedded|web/(database|people)|review/(index|searches|campaigns?|views|whatif))|scenery/bench/clocks"
        "|agents/desk/store/.*"
    ),
    "psycopg": "scenery/bench/database",
    "kafka": "broker/adapters/kafka/.*|agents/agency/kafka_connection",
    "faust": "agents/stream/faust_app|scenery/bench/faust_agent",
    "jinja2": "broker/((evidence|report)/page|web/render)",
    "weasyprint": "agents/desk/pdf",
    "prometheus_client": "broker/adapters/prometheus/(metrics|reading)",
    "opentelemetry": "broker/adapters/otel/spans",
    "matplotlib": "scenery/bench/plot",
    "typer": (
        "broker/cli/.*|agents/(stream|desk|sdk)/command"
        "|scenery/((county|bench)/command|bench/stages|town/(on_kafka|desk|review))"
    ),
    "rich": "broker/cli/.*|scenery/bench/(command|stages)",
    "starlette": "broker/(review/)?web/.*|agents/desk/(web/.*|command)|schemas/write_openapi",
    "uvicorn": "broker/web/serve",
    "authlib": "broker/web/login",
    "argon2": "broker/web/login",
    # login: errors that Authlib lets through
    "httpx2": "broker/web/(login|federation)|agents/sdk/(client|addressbook)",
    "joserfc": "broker/web/(login|federation)",
    "lxml": "agents/sdk/xml",
    "openpyxl": "agents/desk/spreadsheet",
    "markupsafe": "broker/web/(words|render)",
    "itsdangerous": "broker/web/security",
}
"""Each third-party library has one place that knows it."""

PARAGRAPH = re.compile(r"\b(OSL|SoL|PSL|LVU|BrB|skollagen) \d|\d{4}:\d+ \d+ §")
MAY_NAME_PARAGRAPHS = {
    "broker/model/parts.py": "an error shows how a reference is written",
    "scenery/town/": "the story's messages state the secrecy that applies, as a sender does",
    "scenery/county/": "messages as above",
    "scenery/oracle/": "a second reading of the law, written apart from the policies",
}


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def room(dotted: str) -> str:
    """The room of a module: the first name inside `broker`, of adapters the first two, or the name of another top."""
    parts = dotted.split(".")
    if parts[0] != "broker" or len(parts) == 1:
        return parts[0]
    return ".".join(parts[1:3]) if parts[1] == "adapters" and len(parts) > 2 else parts[1]


def alone(file: Path) -> bool:
    """The agency's side is a distribution of its own (agents/agency/pyproject.toml)."""
    return file.is_relative_to(ROOT / "agents" / "agency")


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it, in full."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if alone(file):  # under whatever name it is installed
                assert node.level <= 1, f"{name(file)}: an import from outside the agency's side"
                if node.level == 1:
                    continue
            assert node.level == 0, f"{name(file)}: a relative import"
            if node.module == "broker":
                yield from (f"broker.{alias.name}" for alias in node.names)
            elif node.module:
                yield node.module


def of(file: Path) -> str:
    return room(name(file).removesuffix(".py").removesuffix("/__init__").replace("/", "."))


IMPORTS = [(file, module) for file in FILES for module in imported(file)]


def test_the_walk_sees_the_code() -> None:
    assert len(FILES) > 30
    assert (ROOT / "broker/pipeline/pipeline.py", "broker.ports.store") in IMPORTS
    assert {of(file) for file in FILES} - {"broker", "adapters"} == set(RANK)


def test_imports_go_one_way() -> None:
    """model <- kinds <- ports <- facts <- pipeline <- adapters <- runtime <- cli, agents."""
    own = [(file, module) for file, module in IMPORTS if module.split(".")[0] in OWN]
    wrong = [
        f"{name(file)} imports {module}"
        for file, module in own
        if of(file) != room(module) and RANK[of(file)] <= RANK[room(module)]
    ]
    assert wrong == []


def test_the_agency_side_needs_nothing_of_the_broker() -> None:
    """An agency installs it alone: kafka-python, what seals contents, and the standard library."""
    own = {library for file, library in third_party() if alone(file)}
    assert own == {"kafka", "cryptography"}
    assert [name(f) for f, module in IMPORTS if alone(f) and module.split(".")[0] in ("broker", "agents")] == []


def test_adapters_do_not_know_the_pipeline() -> None:
    """An adapter knows the heart's types, its port and its library."""
    adapters = [(file, module) for file, module in IMPORTS if of(file).startswith("adapters")]
    barred = ("broker.pipeline.pipeline", "broker.pipeline.outcome", "broker.pipeline.gather")
    assert [name(file) for file, module in adapters if module.startswith(barred)] == []


def third_party() -> Iterator[tuple[Path, str]]:
    for file, module in IMPORTS:
        library = module.split(".")[0]
        if library not in sys.stdlib_module_names and library not in OWN:
            yield file, library


def test_the_heart_knows_no_library_but_pydantic() -> None:
    allowed = {"pydantic", "personnummer", "stdnum", "dateutil", "orjson"}
    assert [f"{name(f)}: {lib}" for f, lib in third_party() if of(f) in HEART and lib not in allowed] == []


def test_each_library_has_one_importer() -> None:
    wrong = [
        f"{name(file)}: {library}"
        for file, library in third_party()
        if not re.fullmatch(IMPORTERS.get(library, ""), name(file).removesuffix(".py"))
    ]
    assert wrong == []


def test_the_heart_does_no_input_or_output() -> None:
    """No environment, no clock, no files but the package's own data; time enters with the message."""
    barred = {"os", "time", "socket", "sqlite3", "subprocess", "logging", "random"}
    assert [f"{name(f)}: {m}" for f, m in IMPORTS if of(f) in HEART and m.split(".")[0] in barred] == []
    heart = [file for file in FILES if of(file) in HEART]
    assert [name(file) for file in heart if re.search(r"\b(now|utcnow|today)\(", file.read_text("utf-8"))] == []


def strings(file: Path) -> Iterator[tuple[int, str]]:
    """Texts in the code that are no docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


@pytest.mark.parametrize("file", FILES, ids=name)
def test_python_names_no_paragraph(file: Path) -> None:
    """The law lives in `policies/`."""
    found = [line for line, text in strings(file) if PARAGRAPH.search(text)]
    assert not found or name(file).startswith(tuple(MAY_NAME_PARAGRAPHS)), f"lines {found}"


def test_one_module_at_most_reads_the_environment() -> None:
    """And one of what an agency installs, which has nothing of the broker."""
    readers = [name(file) for file in FILES if re.search(r"\bos\.(environ|getenv)\b", file.read_text("utf-8"))]
    assert set(readers) <= {"broker/settings.py", "agents/agency/settings.py"}, readers


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_module_can_be_read_in_one_sitting(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 500


def kinds_asked(file: Path) -> list[str]:
    """The kinds of which a module asks whether a message is one."""
    calls = (node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call))
    asked = (call.args[1] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "isinstance")
    names = (node.id for classes in asked for node in ast.walk(classes) if isinstance(node, ast.Name))
    return [kind for kind in names if kind in KINDS or kind == "WithItems"]


def test_a_kind_answers_for_itself() -> None:
    """Who has a message asks it: no ladder of kinds stands outside their room. One kind has a letter of its own."""
    asking = {name(file): kinds_asked(file) for file in FILES if of(file) in HEART - {"kinds"}}
    assert {file: kinds for file, kinds in asking.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("file", FILES, ids=name)
def test_a_module_s_docstring_is_one_sentence_that_needs_no_and(file: Path) -> None:
    """What it is for stands in one line; what more there is to say, below it. A list after a colon is one thing."""
    sentence, *_ = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n\n")
    assert re.fullmatch(r"[^\n]+[.?]", sentence), "one line, one sentence"
    assert not re.search(r"[.?!] [A-Z]", sentence), "what follows is another paragraph"
    assert not re.search(r"\band\b", re.split(r"[:;(]", sentence)[0]), "a module does one thing"


def test_the_map_names_every_room_and_no_other() -> None:
    rooms = {path.stem for path in (ROOT / "broker").glob("*.py")} - {"__init__"}
    rooms |= {path.parent.name for path in (ROOT / "broker").glob("*/__init__.py")}
    rooms |= {f"adapters/{path.parent.name}" for path in (ROOT / "broker" / "adapters").glob("*/__init__.py")}
    told = re.findall(r"^`([a-z_/]+)`", broker.__doc__ or "", re.MULTILINE)
    assert sorted(told) == sorted(rooms)
