"""The REST surface: routers, one file a resource; the schemas of their bodies beside them."""
