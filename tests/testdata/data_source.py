"""Prints URL and user of the only data source in a JetBrains project's two files."""

import sys
from xml.etree import ElementTree

shared, local = (
    ElementTree.parse(path).find(f"component[@name='{name}']/data-source")
    for path, name in zip(sys.argv[1:], ["DataSourceManagerImpl", "dataSourceStorageLocal"])
)
assert shared.get("uuid") == local.get("uuid")
assert local.findtext("auth-provider") == "pgpass"
print(shared.findtext("jdbc-url"))
print(local.findtext("user-name"))
