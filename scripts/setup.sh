# What scripts/start and scripts/test have in common; sourced by both, from the project's root, under set -eu.
#
# Everything goes into .venv; the file .venv/installed says what of it is complete, so that an interrupted set-up is taken
# up again, and a complete one is not looked at twice.

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 1
}

# Installs Debian or Ubuntu packages where this user may; says no where not.
apt_install() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        return 1
    fi
    say "Installing the system packages $* ..."
    if [ -z "${apt_is_fresh:-}" ]; then
        $as_root apt-get update -qq >&2 </dev/null || say "The lists of packages could not be refreshed; going on with the old ones."
        apt_is_fresh=1
    fi
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "$@" </dev/null >/dev/null
}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

makes_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# Prints the newest Python that fits, rather one that can make virtual environments as it is.
find_python() {
    for condition in makes_environments true; do
        for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
            if [ -n "$candidate" ] && fits "$candidate" && $condition "$candidate"; then
                command -v "$candidate"
                return 0
            fi
        done
    done
    return 1
}

make_environment() {
    python=$(find_python) || {
        apt_install python3 python3-venv || true
        python=$(find_python)
    } || fail "Python 3.11, 3.12 or 3.13 is needed. Install it (Debian, Ubuntu: apt-get install python3 python3-venv)," \
        "or name it in the variable PYTHON."
    if ! makes_environments "$python"; then
        version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        apt_install "$version" || apt_install python3-venv ||
            fail "$python cannot make virtual environments. Install it first: apt-get install $version"
    fi
    rm -rf .venv
    "$python" -m venv .venv
}

environment_works() {
    [ -x .venv/bin/python ] && fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1
}

# What has to be installed for one lock file; the path is part of it, as a virtual environment cannot be moved.
wanted() {
    printf '%s %s' "$(cat "$1" pyproject.toml | cksum | tr -d ' ')" "$PWD"
}

is_installed() {
    [ -f .venv/installed ] && grep -qxF "$1: $(wanted "$1")" .venv/installed
}

# Installs the requirements of a lock file and the project itself.
install_requirements() {
    if [ -f .venv/installed ] && ! grep -qF " $PWD" .venv/installed; then
        rm -rf .venv
    fi
    environment_works || make_environment
    say "Installing the requirements of $1 (the first time a few minutes) ..."
    .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --require-hashes --no-deps -r "$1" </dev/null ||
        fail "The requirements could not be installed; the lines above say why. Run this again to go on."
    .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
        --no-deps --no-build-isolation --editable . </dev/null ||
        fail "The project itself could not be installed; the lines above say why."
}

# Written last: until then the next run does it all again.
mark_installed() {
    touch .venv/installed
    { grep -v "^$1: " .venv/installed || true; } >.venv/installed.new
    printf '%s: %s\n' "$1" "$(wanted "$1")" >>.venv/installed.new
    mv .venv/installed.new .venv/installed
}

has_tesseract() {
    command -v tesseract >/dev/null || return 1
    languages=$(tesseract --list-langs 2>/dev/null) || return 1
    for language in chi_sim eng osd; do
        printf '%s\n' "$languages" | grep -qx "$language" || return 1
    done
}

install_tesseract() {
    has_tesseract || apt_install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-osd || true
    has_tesseract || say "Tesseract with Chinese (the packages tesseract-ocr and tesseract-ocr-chi-sim) is not installed and" \
        "could not be. The archive goes on without: its main reader needs none. Pages that lie on their side are turned" \
        "less surely."
}
