# Sourced by ./run, ./test and the Makefile, from the root of the checkout. POSIX sh; needs Python 3.11 or newer.
#
#   ready requirements.txt   makes .venv and installs exactly what the lock file names, unless that is done already
#
# Packages come from where this machine's pip or uv is set to look. uv is used because it is quick; pip does as well.

# Four processes read the same modules at each start. Where compiling them for keeps is switched off (as in many containers)
# that alone is half of the time to the first page.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

find_python() {
    for name in "${PYTHON:-python3}" python3 python3.11 python3.12 python3.13 python3.14 python; do
        if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

has_pip() { "$1" -m pip --version >/dev/null 2>&1; }

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

environment_works() { new_enough .venv/bin/python && { has_pip .venv/bin/python || command -v uv >/dev/null 2>&1; }; }

make_environment() {
    python=$(find_python) || die "没有找到 Python 3.11 或更高版本（needs Python 3.11+）。已装在别处时，请用 PYTHON=路径 指明。"
    say "正在用 $python 建立 .venv ……"
    rm -rf .venv
    if command -v uv >/dev/null 2>&1; then
        "$python" -m venv --without-pip .venv && return
    fi
    if "$python" -m venv .venv >.venv.log 2>&1; then
        rm -f .venv.log
        return
    fi
    rm -rf .venv
    make_environment_without_ensurepip "$python" && rm -f .venv.log && return
    cat .venv.log >&2
    rm -rf .venv .venv.log
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    die "这个 Python 缺少 venv/ensurepip，建不了虚拟环境。请先安装（Debian、Ubuntu：apt-get install python$version-venv），再试一次。"
}

# Debian keeps ensurepip in a package of its own.
make_environment_without_ensurepip() {
    if has_pip "$1" && "$1" -m venv --without-pip .venv &&
        "$1" -m pip --python .venv/bin/python install -q --require-hashes -r deploy/lock/uv.txt; then
        PATH=$(pwd)/.venv/bin:$PATH
        return 0
    fi
    rm -rf .venv
    is_root_on_debian || return 1
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    say "正在安装 $package ……"
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 &&
        "$1" -m venv .venv
}

find_uv() {
    if command -v uv 2>/dev/null; then return 0; fi
    if [ ! -x .venv/bin/uv ]; then
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r deploy/lock/uv.txt >&2 ||
            return 1
    fi
    echo .venv/bin/uv
}

# What pip would use for one of its settings: from its environment, else from its files, which "config list" merges.
pip_setting() {
    for section in :env: install global; do
        found=$(printf '%s\n' "$settings" | sed -n "s/^$section\.$1='\(.*\)'\$/\1/p" | sed 's/\\n/ /g')
        if [ -n "$found" ]; then break; fi
    done
    # shellcheck disable=SC2086 # split at blanks and joined by single ones
    echo $found
}

# uv does not read pip's settings. Where uv has none of its own, it is told those of pip.
lend_pip_settings() {
    [ -z "${UV_DEFAULT_INDEX-}${UV_INDEX-}${UV_INDEX_URL-}${UV_EXTRA_INDEX_URL-}${UV_FIND_LINKS-}${UV_CONFIG_FILE-}" ] || return 0
    [ ! -f "${XDG_CONFIG_HOME:-${HOME:-/}/.config}/uv/uv.toml" ] && [ ! -f /etc/uv/uv.toml ] || return 0
    asked=.venv/bin/python
    has_pip "$asked" || asked=$(find_python)
    settings=$("$asked" -m pip config list 2>/dev/null) || return 0
    index=$(pip_setting index-url)
    more=$(pip_setting extra-index-url)
    links=$(pip_setting find-links)
    hosts=$(pip_setting trusted-host)
    cert=$(pip_setting cert)
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
    # Like pip, take a version from whichever place has it: the lock file's hashes decide what is accepted.
    [ -z "$more" ] || export UV_INDEX="$more" UV_INDEX_STRATEGY=unsafe-best-match
    [ -z "$links" ] || export UV_FIND_LINKS="$(printf %s "$links" | tr ' ' ,)"
    [ -z "$hosts" ] || export UV_INSECURE_HOST="$hosts"
    [ -z "$cert" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"
}

install_with_uv() {
    uv=$(find_uv) || return 1
    (
        lend_pip_settings
        export VIRTUAL_ENV="$(pwd)/.venv"
        "$uv" pip install --require-hashes -r deploy/lock/setuptools.txt -r "$1" >&2 &&
            "$uv" pip install -q --no-deps --no-build-isolation --config-setting editable_mode=compat -e . >&2
    )
}

install_with_pip() {
    has_pip .venv/bin/python || .venv/bin/python -m ensurepip >/dev/null || return 1
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes \
        -r deploy/lock/setuptools.txt -r "$1" >&2 &&
        .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation \
            --config-settings editable_mode=compat -e . >&2
}

# Changes with everything that decides what is installed.
fingerprint() {
    .venv/bin/python - "$1" pyproject.toml deploy/lock/setuptools.txt <<'PYTHON'
import hashlib, pathlib, sys
taken = hashlib.sha256(sys.version.encode())
for name in sys.argv[1:]:
    taken.update(pathlib.Path(name).read_bytes())
print(sys.argv[1], taken.hexdigest())
PYTHON
}

is_installed() { [ "$(sed -n 2p .venv/stamp 2>/dev/null)" = "$(fingerprint "$1")" ]; }

# A moved .venv does not work: its commands name the old place.
was_moved() { [ -f .venv/stamp ] && [ "$(sed -n 1p .venv/stamp)" != "$(pwd -P)" ]; }

is_ready() { new_enough .venv/bin/python && ! was_moved && is_installed "$1"; }

ready() {
    if is_ready "$1" || { [ "$1" = requirements.txt ] && is_ready requirements-dev.txt; }; then return; fi
    if was_moved || ! environment_works; then make_environment; fi
    rm -f .venv/stamp
    say "正在安装 $1 中的依赖，第一次需要一两分钟 ……"
    if ! install_with_uv "$1"; then
        say "uv 没有装成，改用 pip，会慢一些 ……"
        install_with_pip "$1" || die "依赖没有装成，上面写着原因。请检查网络，或 pip 的软件源设置（pip config list）。"
    fi
    { pwd -P; fingerprint "$1"; } >.venv/stamp
}
