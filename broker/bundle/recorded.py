"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""

MANIFEST = "f41ba7d35963ac3050ef87b299111040e5ca4b9a168a5784b9468abb66b54aa2"
