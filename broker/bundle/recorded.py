"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "9fe476557b940112c48b361e9f4b511e427aa594dd3b5edc178cc74b66171509"
