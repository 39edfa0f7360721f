"""Files over HTTP(S) and FTP(S): fetched and delivered for real, where their host is allowed."""
