"""Backups: every document and every stored file, copied beside the archive while it runs, and put back into an empty one."""
