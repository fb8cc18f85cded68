"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "ee29a858a04001d9efadf85ede50fd0d5340eb0d2fb656cbe526034df8abc5d4"
