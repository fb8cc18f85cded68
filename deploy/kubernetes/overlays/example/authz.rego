# METADATA
# title: Who may ask this server what
# description: The token reads decisions and the bundle's revision. Nobody changes policy or data.
package system.authz

default allow := false

allow if input.path in {["health"], ["metrics"]}

allow if {
	token := opa.runtime().env.SAMBAND_OPA_TOKEN
	token != ""
	input.identity == token
	input.method in {"GET", "POST"}
	array.slice(input.path, 0, 2) == ["v1", "data"]
}
