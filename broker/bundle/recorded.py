"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "c87115b94357a34e4e44ad25ed6ef655b1669b012f7085abdba665a62a57d0f5"
