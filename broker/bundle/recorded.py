"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "4c6c65dc92b0a491a5a123ccf07a4f2af858bf1f5bee589d6462ba057c515545"
