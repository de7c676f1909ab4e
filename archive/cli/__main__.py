"""``python -m archive.cli``: the same as the console script ``dossier``."""

from archive.cli import main

if __name__ == "__main__":
    main(prog_name="dossier")
