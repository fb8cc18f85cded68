"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "c1e0eb9a6f786e00ece032820ad82a02882473098b05042351e42fe2609388f1"
