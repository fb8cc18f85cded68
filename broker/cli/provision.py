"""The command that sets a Kafka cluster up for the registered authorities: `samband provision`."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated

import typer

from broker import authorities, provision, settings, topics
from broker.adapters.files import whole_file
from broker.adapters.files.credentials import CredentialFiles
from broker.authorities import Register
from broker.cli.options import AsJson, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.provision_view import fault_line, show, show_history
from broker.cli.texts import Lang, number
from broker.provision import Limits, Plan, Profile, State, Thing
from broker.provision import strimzi as resources

if TYPE_CHECKING:
    from broker.adapters.kafka.admin import Cluster

_WAIT = 120.0
"""Seconds that brokers may take to show what the controller has accepted: one makes about a hundred topics a second."""
_PAUSE = 0.2
_NAMED = 5


def provision_cluster(
    *,
    register: RegisterFile = None,
    profile: Annotated[
        Profile,
        typer.Option(
            envvar=settings.PROFILE, help="production refuses what is not safe; local makes do with one broker, no TLS."
        ),
    ] = Profile.PRODUCTION,
    credentials: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", envvar="SAMBAND_KAFKA_CREDENTIALS", help="Folder for passwords, one file for each user."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and change nothing.")] = False,
    suspend: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Take all access away until reinstated, from desks too.")
    ] = None,
    reinstate: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="End a suspension, with a new password, of desks too.")
    ] = None,
    rotate: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Make a new password; also for samband.worker and the like.")
    ] = None,
    strimzi: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write resources for Strimzi's operator there instead, and touch no cluster."),
    ] = None,
    rotate_all: Annotated[bool, typer.Option("--rotate-all", help="Make a new password for everybody.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Show who got access when, and who lost it, and change nothing.")
    ] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Give each authority its topics, rights and password on Kafka: shows the plan, then makes the differences good.

    Then all programs that run go by this register; without --register they go by the one before.
    Logs in as SAMBAND_KAFKA_ADMIN. --suspend, --reinstate and --rotate can be given several times.
    """
    output = Output(lang, as_json=as_json)
    registered = authorities.load(register)
    if strimzi is not None:
        suspended = _find_users(registered, suspend)
        return _write_strimzi(
            strimzi, provision.wanted_state(registered.addresses(), settings.limits(profile), suspended), output
        )
    login = settings.kafka_operator(profile)
    asked = _Asked(
        output=output,
        addresses=frozenset(registered.addresses()),
        limits=settings.limits(profile),
        login=login,
        file=register.read_bytes() if register else None,
        suspend=_find_users(registered, suspend),
        reinstate=_find_users(registered, reinstate),
        rotate=_find_users(registered, rotate),
        rotate_all=rotate_all,
    )
    try:
        from broker.adapters.kafka import admin  # noqa: PLC0415 - an extra, which the embedded broker goes without
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    files = None
    if credentials:
        variables = {settings.PROFILE: profile.value}
        files = CredentialFiles(credentials, lambda user, password: login.variables(user, password) | variables)
    with admin.open_cluster(login) as cluster:
        if history:
            return show_history(output, cluster.history())
        plan = asked.plan(cluster, files)
        show(output, plan)
        output.flush()
        if not dry_run:
            asked.carry_out(plan, cluster, files)
        elif plan.faults:
            raise asked.impossible(plan)
    return None


def _write_strimzi(folder: Path, state: State, output: Output) -> None:
    """What `kubectl apply` is given: JSON, which is YAML too. Raises Stop where a user is left out."""
    written = {"topics.json": [*resources.topics(state)], "users.json": [*resources.users(state)]}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, items in written.items():
            text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, ensure_ascii=False, indent=1)
            whole_file.write(folder / name, f"{text}\n".encode(), whole_file.ANYBODY)
    except OSError as error:
        raise Stop(2, f"{folder}: can't be written: {error.strerror}") from None
    topics_, users = (number(len(items)) for items in written.values())
    output.note(output.words("strimzi_written", folder=folder, topics=topics_, users=users))
    if left := resources.unnamed(state):
        raise Stop(1, output.words("strimzi_unnamed", n=number(len(left)), names=", ".join(left[:_NAMED])))


def _find_users(register: Register, names: Collection[str] | None) -> frozenset[str]:
    """Users as named, by address or user, an alias as the authority that it stands for."""
    located = ((name, register.locate(topics.address(name))) for name in names or ())
    return frozenset(topics.user(place.address if place else name) for name, place in located)


@dataclass(frozen=True)
class _Asked:
    """What the operator asked for."""

    output: Output
    addresses: frozenset[str]
    limits: Limits
    login: settings.KafkaLogin
    file: bytes | None
    """The register's, as it is now."""
    suspend: frozenset[str]
    reinstate: frozenset[str]
    rotate: frozenset[str]
    rotate_all: bool

    def plan(self, cluster: "Cluster", files: CredentialFiles | None) -> Plan:
        """What is to be done, and what the brokers lack."""
        state, users = self._state(cluster), {*map(topics.user, self.addresses), *topics.SERVICES}
        plan = self._compare(state, files, self.rotate)
        if self.rotate_all:
            plan = self._compare(state, files, users - plan.suspended)
        return provision.with_faults(plan, provision.broker_faults(cluster.brokers(), self.limits))

    def _state(self, cluster: "Cluster") -> State:
        """What there is, with the register that the programs go by."""
        state = cluster.state()
        newest = cluster.announcement() if self.file is not None and topics.REGISTER in state.topics else None
        return replace(state, register=newest.revision) if newest else state

    def _announce(self, done: Plan, cluster: "Cluster") -> None:
        """Let all programs go by the register from now on, and keep what is done to let its parties in."""
        if topics.REGISTER not in cluster.state().topics:  # access is taken away where nobody was ever let in
            return
        before = None if done.announce else cluster.announcement()
        file = before.file if before else None
        cluster.announce(self.file if done.announce else file, done.steps())

    def _compare(self, state: State, files: CredentialFiles | None, renew: Collection[str]) -> Plan:
        return provision.plan(
            state,
            self.addresses,
            self.limits,
            suspend=self.suspend,
            reinstate=self.reinstate,
            renew=renew,
            unfinished=files.unfinished_users() if files else (),
            operator=self.login.user,
            revision=sha256(self.file).hexdigest() if self.file else "",
        )

    @staticmethod
    def _make(
        part: Plan, cluster: "Cluster", files: CredentialFiles | None, advance: Callable[[int, int], None]
    ) -> None:
        done = 0
        for n in cluster.carry_out(part, files):
            done += n
            advance(done, done)

    def carry_out(self, plan: Plan, cluster: "Cluster", files: CredentialFiles | None) -> None:
        """Do it, and wait until Kafka shows it. With faults it only takes access away, and raises Stop."""
        words = self.output.words
        hindered = None
        if plan.faults:
            hindered = self.impossible(plan)
        elif plan.passwords and files is None:
            hindered = Stop(2, words("needs_credentials", n=number(len(plan.passwords))))
        done, started = plan.taking_away() if hindered else plan, monotonic()
        count = sum(1 for _ in done.steps())
        with self.output.progress(words("provisioning"), count) as advance:
            self._make(done.before_passwords(), cluster, files, advance)
            if files:
                files.forget(plan.suspended)
            if count and not hindered:
                self._settle(plan, cluster, but=Thing.PASSWORD)
            if count:
                self._announce(done, cluster)
            if hindered:
                raise hindered
            self._make(done.only_passwords(), cluster, files, advance)
            if count:
                self._settle(plan, cluster)
        if files and (changed := files.refresh({*map(topics.user, self.addresses), *topics.SERVICES} - plan.suspended)):
            self.output.note(words("credentials_refreshed", n=number(changed)))
        if count:
            self.output.note(words("provisioned", n=number(count), seconds=f"{monotonic() - started:.1f}"))

    def impossible(self, plan: Plan) -> Stop:
        """Why the plan can't be carried out."""
        words = self.output.words
        line = fault_line(words, plan.faults[0])
        more = len(plan.faults) - 1
        return Stop(2, words("faults_more", line=line, n=number(more)) if more else line)

    def _settle(self, plan: Plan, cluster: "Cluster", *, but: Thing | None = None) -> None:
        """Wait until the brokers show what the controller has accepted, `but` one sort of thing.

        Raises Stop when they do not.
        """
        until = monotonic() + _WAIT
        while True:
            rest = provision.plan(cluster.state(), self.addresses, self.limits, operator=self.login.user)
            if rest.suspended == plan.suspended and all(step.thing is but for step in rest.steps()):
                return
            if monotonic() > until:
                raise Stop(2, self.output.words("not_settled", seconds=f"{_WAIT:.0f}"))
            sleep(_PAUSE)
