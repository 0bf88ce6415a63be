"""The public query API as plain ASGI: SODA, CKAN, DCAT, downloads. Reads only what the registry says is public."""
