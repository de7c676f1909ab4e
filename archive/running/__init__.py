"""The programs: database, worker and web server, as child processes on one machine or apart."""
