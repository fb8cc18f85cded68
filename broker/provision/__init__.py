"""What a Kafka cluster should hold for the broker, as a pure function of the register.

`access` says who may do what, `limits` how much and how safely; `plan` compares with the cluster's `state`. Nothing
here reaches a cluster: `broker.adapters.kafka.admin` reads the state and carries out the plan.
"""

from broker.provision.limits import TOPIC_SETTINGS, Limits, Profile, broker_faults
from broker.provision.plan import Change, Plan, Step, Thing, describe, plan, wanted_state, with_faults
from broker.provision.state import MECHANISM, ClusterError, Credential, Fault, ProvisionError, Right, State, Topic

__all__ = [
    "MECHANISM",
    "TOPIC_SETTINGS",
    "Change",
    "ClusterError",
    "Credential",
    "Fault",
    "Limits",
    "Plan",
    "Profile",
    "ProvisionError",
    "Right",
    "State",
    "Step",
    "Thing",
    "Topic",
    "broker_faults",
    "describe",
    "plan",
    "wanted_state",
    "with_faults",
]
