"""The digest of manifest.json, recorded when the bundle was built. Generated: do not edit."""

MANIFEST = "06f1956277e802a442c5a095193c878679d22719283882e256a53d8d07b26ff9"
