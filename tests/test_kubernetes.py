"""Manifests of Kubernetes and Strimzi: of the right form, each secret one program's, nothing open that need not be.

Untried on a cluster.
"""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from command import samband
from test_deploy import DEPLOY, LIMITS, ROOT, opa_version, rights

from broker import authorities, topics
from broker.provision import access, strimzi, wanted_state

BASE = DEPLOY / "kubernetes" / "base"
EXAMPLE = DEPLOY / "kubernetes" / "overlays" / "example"
VERSION = "1.31"
SCHEMAS = ROOT / "tests" / "data" / "strimzi"
FOREIGN = ("monitoring.coreos.com/v1",)
"""Whose schema is not Kubernetes' own."""
Json = dict[str, Any]

SECRETS = {
    "samband-worker": {
        *("samband.worker", "samband-worker-postgres", "samband-token-key", "samband-opa-token"),
        *("samband-opa-tls", "samband-cluster-ca-cert"),
    },
    "samband-ledger": {"samband.ledger", "samband-ledger-postgres", "samband-cluster-ca-cert"},
    "samband-agents": {"samband.agents", "samband-agents-postgres", "samband-cluster-ca-cert"},
    "samband-reconcile": {"samband.reconcile", "samband-token-key", "samband-cluster-ca-cert"},
    "samband-review": {"samband-review-postgres", "samband-review-settings", "samband-token-key"},
    "samband-desk": {"samband-desk-settings"},
    "samband-opa": {"samband-opa-token", "samband-bundle", "samband-opa-tls"},
    "samband-upgrade": {"samband-owner-postgres"},
    "samband-keys": {"samband-owner-postgres"},
    "samband-provision": {"admin", "samband-cluster-ca-cert"},
}


@cache
def manifests() -> list[Json]:
    listed = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert sorted(listed) == sorted(file.name for file in BASE.glob("*.yaml") if file.stem != "kustomization")
    return [one for name in listed for one in yaml.safe_load_all((BASE / name).read_text("utf-8"))]


def of(*kinds: str) -> dict[str, Json]:
    return {one["metadata"]["name"]: one["spec"] for one in manifests() if one["kind"] in kinds}


def pods() -> dict[str, Json]:
    return {name: spec["template"]["spec"] for name, spec in of("Deployment", "StatefulSet", "Job").items()}


def labels() -> dict[str, Json]:
    workloads = of("Deployment", "StatefulSet", "Job")
    return {name: spec["template"]["metadata"]["labels"] for name, spec in workloads.items()}


def containers(pod: Json) -> list[Json]:
    return [*pod.get("initContainers", ()), *pod["containers"]]


def test_each_is_what_kubernetes_takes() -> None:
    for one in manifests():
        if one["apiVersion"] not in FOREIGN:
            kubernetes_validate.validate(one, VERSION, strict=True)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifests()[-1] | {"spek": {}}, VERSION, strict=True)


def test_each_secret_is_its_program_s_alone() -> None:
    """As the table of deploy/kubernetes/README.md, and as in compose: no service reads another's login."""
    assert set(pods()) == set(SECRETS)
    told = (BASE.parent / "README.md").read_text("utf-8")
    for name, pod in pods().items():
        mounted = {one["secret"]["secretName"] for one in pod["volumes"] if "secret" in one}
        variables = [one for container in containers(pod) for one in container.get("env", ())]
        read = {one["valueFrom"]["secretKeyRef"]["name"] for one in variables if "valueFrom" in one}
        assert mounted | read == SECRETS[name], name
        assert not any("PASSWORD" in one["name"] or "_URL" in one["name"] for one in variables if "value" in one)
        assert all(f"`{one}" in told or one.partition("-")[2].partition("-")[0] in told for one in mounted | read)
    holders = Counter(one for secrets in SECRETS.values() for one in secrets)
    assert {one for one, n in holders.items() if n > 1} == {
        *("samband-token-key", "samband-opa-token", "samband-owner-postgres"),
        *("samband-opa-tls", "samband-cluster-ca-cert"),  # of which workers and programs get the certificate alone
    }
    for pod in (pods()[name] for name in SECRETS if name != "samband-opa"):
        for volume in pod["volumes"]:
            if volume.get("secret", {}).get("secretName") in ("samband-opa-tls", "samband-cluster-ca-cert"):
                assert [one["key"] for one in volume["secret"]["items"]] == ["ca.crt"]
    keeps = {n for n, pod in pods().items() for v in pod["volumes"] if "samband-log-key" in str(v)}
    assert keeps == {"samband-ledger", "samband-keys"}


def test_each_program_logs_in_as_itself_and_knows_the_parties() -> None:
    for user in topics.SERVICES:
        program = user.partition(".")[2]
        container = pods()[f"samband-{program}"]["containers"][0]
        assert container["args"][:2] == ["samband", program]
        assert {"name": "SAMBAND_KAFKA_USER", "value": user} in container["env"]
        assert ("--register" in container["args"]) == (program != "ledger")


def test_no_pod_may_more_than_it_must() -> None:
    """What the profile `restricted` of Kubernetes demands, and bounds on what a container takes."""
    for name, pod in pods().items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(pod) and "hostPath" not in str(pod)
        for container in containers(pod):
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False and context["readOnlyRootFilesystem"] is True
            assert context["capabilities"] == {"drop": ["ALL"]} and "privileged" not in context
            assert container["resources"]["limits"]["memory"] and container["resources"]["requests"]["cpu"]
    enforced = next(one for one in manifests() if one["kind"] == "Namespace")["metadata"]["labels"]
    assert enforced["pod-security.kubernetes.io/enforce"] == "restricted"


def test_what_runs_is_probed_and_not_all_of_it_taken_at_once() -> None:
    budgets = {spec["selector"]["matchLabels"]["app.kubernetes.io/name"] for spec in of("PodDisruptionBudget").values()}
    running = of("Deployment", "StatefulSet")
    assert budgets == set(running)
    for name, pod in pods().items():
        for container in pod["containers"] if name in running else ():
            assert {"livenessProbe", "readinessProbe"} <= set(container), container["name"]
        if "--metrics" in pod["containers"][0]["args"]:
            probes = pod["containers"][0]
            assert probes["livenessProbe"]["httpGet"]["path"] == "/live"
            assert probes["readinessProbe"]["httpGet"]["path"] == "/ready"
            assert name in str(of("PodMonitor")["samband"])
            assert pod["terminationGracePeriodSeconds"] >= 60
    assert running["samband-ledger"]["replicas"] == running["samband-reconcile"]["replicas"] == 1
    assert running["samband-worker"]["replicas"] > 1


def reaches(policy: Json) -> set[str]:
    """Pods that a policy is about."""
    chosen = policy["podSelector"]
    return {
        name
        for name, own in labels().items()
        if all(own.get(key) == value for key, value in chosen.get("matchLabels", {}).items())
        and all(own.get(one["key"]) in one["values"] for one in chosen.get("matchExpressions", ()))
    }


def test_nothing_is_reached_but_what_is_needed() -> None:
    policies = of("NetworkPolicy")
    nothing = policies.pop("samband-nothing")
    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    found = {name: reaches(policy) for name, policy in policies.items()}
    servers = {"samband-worker", "samband-ledger", "samband-agents"}
    assert found == {
        "samband-to-kafka": {*servers, "samband-reconcile", "samband-desk", "samband-provision"},
        "samband-to-postgres": {*servers, "samband-review", "samband-upgrade", "samband-keys"},
        "samband-to-opa": {"samband-worker"},
        "samband-opa": {"samband-opa"},
        "samband-metrics": {*servers, "samband-reconcile"},
        "samband-pages": {"samband-review", "samband-desk"},
    }
    assert all(policy["policyTypes"] in (["Ingress"], ["Egress"]) for policy in policies.values())
    assert "0.0.0.0/0" not in str(policies) and "ipBlock" not in str(policies)


def test_the_example_pins_images_and_has_the_law_s_server_as_it_is_tested() -> None:
    overlay = yaml.safe_load((EXAMPLE / "kustomization.yaml").read_text("utf-8"))
    images = {container["image"] for pod in pods().values() for container in containers(pod)}
    assert {one["name"] for one in overlay["images"]} == images
    assert all(one["digest"].startswith("sha256:") for one in overlay["images"])
    assert opa_version()
    for name in ("config.yaml", "authz.rego"):
        assert (EXAMPLE / name).read_bytes() == (DEPLOY / "local" / "opa" / name).read_bytes()
    assert authorities.load(EXAMPLE / "register.json")


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="there is no kubectl here")
def test_the_example_is_put_together() -> None:
    ended = subprocess.run(["kubectl", "kustomize", str(EXAMPLE)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found = [one for one in yaml.safe_load_all(ended.stdout) if one["apiVersion"] not in FOREIGN]
    for one in found:
        kubernetes_validate.validate(one, VERSION, strict=True)
    assert {one["metadata"]["name"] for one in found if one["kind"] == "Job"} == {"samband-upgrade", "samband-keys"}
    assert all("@sha256:" in c["image"] for one in found if one["kind"] == "Deployment" for c in _containers_of(one))


def _containers_of(one: Json) -> list[Json]:
    return containers(one["spec"]["template"]["spec"])


# --- Strimzi


def closed(schema: Json) -> Json:
    """The schema, which as Kubernetes reads it knows nothing but what it names."""
    if "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        schema = {**schema, "additionalProperties": False}
    return {
        key: {name: closed(one) for name, one in value.items()}
        if key == "properties"
        else closed(value)
        if key in ("items", "additionalProperties") and isinstance(value, dict)
        else value
        for key, value in schema.items()
    }


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = closed(json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8")))
    schema["properties"]["metadata"] = {"type": "object"}
    return jsonschema.Draft202012Validator(schema)


def by_hand() -> Iterator[Json]:
    for file in sorted((DEPLOY / "strimzi").glob("*.yaml")):
        yield from yaml.safe_load_all(file.read_text("utf-8"))


def test_strimzi_takes_what_stands_here() -> None:
    seen = [one for one in by_hand() if (SCHEMAS / f"{one['kind']}.json").exists()]
    assert {one["kind"] for one in seen} == {"KafkaTopic", "KafkaUser", "KafkaNodePool"}
    for one in seen:
        validator(one["kind"]).validate(one)
    wrong = next(one for one in seen if one["kind"] == "KafkaUser")
    assert not validator("KafkaUser").is_valid({**wrong, "spec": {**wrong["spec"], "autorization": {}}})


def test_provisioning_writes_the_whole_register_for_strimzi(tmp_path: Path) -> None:
    """Every topic and right of the state that provisioning wants, those who can't be named apart, and who are told."""
    ended = samband("--lang", "en", "provision", "--strimzi", tmp_path / "new", "--profile", "production")
    state = wanted_state(authorities.load(None).addresses(), LIMITS)
    left = strimzi.unnamed(state)
    assert ended.status == (1 if left else 0)
    read = {name: json.loads((tmp_path / "new" / f"{name}.json").read_text("utf-8")) for name in ("topics", "users")}
    for one in (*read["topics"]["items"], *read["users"]["items"]):
        validator(one["kind"]).validate(one)
    found = {one["spec"].get("topicName", one["metadata"]["name"]): one["spec"] for one in read["topics"]["items"]}
    assert set(found) == set(state.topics)
    assert all(found[name]["config"] == dict(topic.settings) for name, topic in state.topics.items())
    users = {one["metadata"]["name"]: one["spec"] for one in read["users"]["items"]}
    granted = {right for name, spec in users.items() for right in rights(name, spec)}
    assert granted == {right for right in state.rights if right.user not in left}
    assert set(users) >= set(topics.SERVICES)


def test_a_desk_s_user_is_named_where_kubernetes_can_t_and_who_is_suspended_has_no_login() -> None:
    state = wanted_state(["kommun-0127", "kommun-0127/social_services"], LIMITS, suspended=["kommun-0127"])
    assert strimzi.unnamed(state) == ["kommun-0127.social_services"]
    suspended = {one["metadata"]["name"]: one["spec"] for one in strimzi.users(state)}["kommun-0127"]
    validator("KafkaUser").validate(
        next(one for one in strimzi.users(state) if one["metadata"]["name"] == "kommun-0127")
    )
    assert "authentication" not in suspended and suspended["authorization"]["acls"] == [
        {"type": "deny", "resource": {"type": "topic", "name": "*", "patternType": "literal"}, "operations": ["All"]}
    ]
    names = [one["metadata"]["name"] for one in strimzi.topics(state)]
    assert "outbox.kommun-0127.social-services" in names
    assert len(set(access.of_services())) == sum(
        len(one["spec"]["authorization"]["acls"])
        for one in strimzi.users(state)
        if one["metadata"]["name"] in topics.SERVICES
    )
