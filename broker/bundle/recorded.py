"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "fea726ac1a415a928b349ab76418b81dd5b3ba541d9214dba9ad57758f5885f6"
