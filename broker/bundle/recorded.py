"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "606c110316bc744571882772c244d8cc7bff6618ef11ab0bac63037424623f4f"
