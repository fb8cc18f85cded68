"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "4f9773f88ab109a93b392b6a87bc9fe854baa922a8ae99625f9be11ff1746bf7"
