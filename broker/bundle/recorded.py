"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "10a966ae25468ecde71f429200af87aaaa15b15d4aa321c119e9fac776e2ae54"
