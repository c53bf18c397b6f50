"""The scripts that come before Python: what ./run and ./test do on machines unlike this one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
SCRIPTS = ["run", "test", "deploy/lint", "deploy/bootstrap.sh", "deploy/debian.sh"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the scripts and lock files, and an environment that looks complete."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    return tmp_path


def sh(checkout: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run lines after the bootstrap script, without any of this machine's settings for pip and uv."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "XDG_", "SSL_CERT"))}
    return subprocess.run(
        ["/bin/sh", "-euc", f". deploy/bootstrap.sh\n{script}"],
        cwd=checkout,
        env=clean | {"HOME": str(checkout), "PIP_CONFIG_FILE": "/dev/null"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, body: str) -> Path:
    """A stand-in for a program."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_what_python_compiles_is_kept_for_the_next_start(checkout: Path) -> None:
    """Containers often forbid it; then each of four processes compiles nine hundred modules at every start."""
    made = sh(checkout, "env", PYTHONDONTWRITEBYTECODE="1")
    assert made.returncode == 0
    assert "PYTHONDONTWRITEBYTECODE" not in made.stdout


@pytest.mark.parametrize("script", [*SCRIPTS, "Makefile", ".ci/run", "requirements.txt", "requirements-dev.txt"])
def test_no_registry_is_named(script: str) -> None:
    text = (ROOT / script).read_text()
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_plain_shell(script: str) -> None:
    assert subprocess.run(["/bin/sh", "-n", ROOT / script], check=False).returncode == 0


@pytest.mark.parametrize("script", ["run", "test", "deploy/lint", ".ci/run"])
def test_commands_can_be_executed(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def test_every_locked_package_has_hashes() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt", "deploy/lock/uv.txt", "deploy/lock/setuptools.txt"):
        text = (ROOT / lock).read_text().replace("\\\n", "")
        packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert packages
        assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_an_old_python_is_refused_with_a_sentence(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        program(checkout / "old", name, "exit 1")
    done = sh(checkout, "ready requirements.txt", PATH=f"{checkout}/old:/usr/bin:/bin", PYTHON="/nonexistent/python3")
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr


def test_a_python_without_ensurepip_is_answered_with_what_to_install(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    python = program(
        checkout / "debian",
        "python3",
        'case "$*" in *"-m venv"*|*"-m pip"*) echo "ensurepip is not available"; exit 1;; esac\n'
        f'exec {sys.executable} "$@"',
    )
    done = sh(checkout, "id() { echo 1000; }\nready requirements.txt", PYTHON=str(python), PATH="/usr/bin:/bin")
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert done.returncode == 1
    assert f"apt-get install python{version}-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_second_start_installs_nothing_until_something_changes(checkout: Path) -> None:
    mark = "{ pwd -P; fingerprint requirements.txt; } > .venv/stamp\n"
    asked = 'is_ready requirements.txt && echo ready || echo "not ready"'
    assert sh(checkout, asked).stdout == "not ready\n"
    assert sh(checkout, mark + asked).stdout == "ready\n"
    for name in ("requirements.txt", "pyproject.toml", "deploy/lock/setuptools.txt"):
        with (checkout / name).open("a") as file:
            file.write("\n# changed\n")
        assert sh(checkout, asked).stdout == "not ready\n"
        assert sh(checkout, mark + asked).stdout == "ready\n"


def test_after_the_tests_a_start_installs_nothing(checkout: Path) -> None:
    mark = "{ pwd -P; fingerprint requirements-dev.txt; } > .venv/stamp\n"
    done = sh(
        checkout,
        mark + "make_environment() { die made; }\ninstall_with_uv() { die installed; }\nready requirements.txt",
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_moved_checkout_is_set_up_again(checkout: Path) -> None:
    script = (
        '{ echo /elsewhere; fingerprint requirements.txt; } > .venv/stamp\nmake_environment() { die "made again"; }\n'
    )
    assert sh(checkout, script + "ready requirements.txt").stderr == "made again\n"


def test_pip_steps_in_when_uv_cannot(checkout: Path) -> None:
    script = (
        "environment_works() { true; }\ninstall_with_uv() { false; }\n"
        'install_with_pip() { say "pip installs $1"; }\nready requirements.txt\ncat .venv/stamp'
    )
    done = sh(checkout, script)
    assert "pip installs requirements.txt" in done.stderr
    assert done.stdout.splitlines()[0] == str(checkout.resolve())


SETTINGS = {
    "PIP_INDEX_URL": "https://mirror.example/simple",
    "PIP_EXTRA_INDEX_URL": "https://one.example/simple  https://two.example/simple",
    "PIP_FIND_LINKS": "/wheels /more-wheels",
    "PIP_CERT": "/etc/ca.pem",
    "PIP_TRUSTED_HOST": "mirror.example",
}


def test_uv_looks_where_pip_is_set_to_look(checkout: Path) -> None:
    done = sh(checkout, "lend_pip_settings\nenv", **SETTINGS)
    lent = dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith(("UV_", "SSL_")))
    assert lent == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/wheels,/more-wheels",
        "UV_INSECURE_HOST": "mirror.example",
        "SSL_CERT_FILE": "/etc/ca.pem",
    }


def test_pip_s_configuration_file_counts_as_well(checkout: Path) -> None:
    file = checkout / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://mirror.example/simple\nextra-index-url =\n  https://a.example\n  https://b.example\n"
    )
    done = sh(checkout, 'lend_pip_settings\necho "$UV_DEFAULT_INDEX $UV_INDEX"', PIP_CONFIG_FILE=str(file))
    assert done.stdout.split() == ["https://mirror.example/simple", "https://a.example", "https://b.example"]


def test_uv_s_own_settings_win(checkout: Path) -> None:
    script = 'lend_pip_settings\necho "${UV_DEFAULT_INDEX-none}"'
    assert sh(checkout, script, **SETTINGS, UV_INDEX_URL="https://own.example").stdout == "none\n"
    (checkout / ".config/uv").mkdir(parents=True)
    (checkout / ".config/uv/uv.toml").write_text("")
    assert sh(checkout, script, **SETTINGS).stdout == "none\n"


def test_without_settings_nothing_is_lent(checkout: Path) -> None:
    assert sh(checkout, "lend_pip_settings\nenv | grep '^UV_' || echo none").stdout == "none\n"


def test_what_the_tests_leave_out_is_named_with_its_reason(checkout: Path) -> None:
    script = "is_there() { [ $1 = chromium ]; }\nid() { echo 1000; }\napt_install() { die tried; }\n"
    done = sh(checkout, f". deploy/debian.sh\n{script}install_for_tests")
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 3
    assert "PostgreSQL 15" in done.stdout
    assert done.stdout.count("only root may install it: apt-get install") in (0, 3)
    assert "chromium" not in done.stdout


def test_root_installs_what_is_missing_and_names_what_could_not_be_had(checkout: Path) -> None:
    program(checkout / "debian", "apt-get", "exit 0")
    script = (
        ". deploy/debian.sh\nis_there() { [ -f got-$1 ]; }\nid() { echo 0; }\nsed() { :; }\n"
        "apt_install() { case $1 in postgresql-15) false ;; *) touch got-$1 ;; esac; }\ninstall_for_tests"
    )
    done = sh(checkout, script, PATH=f"{checkout}/debian:/usr/bin:/bin")
    assert [line.split(" (")[1] for line in done.stdout.splitlines()] == ["apt-get could not install postgresql-15)"]
    assert (checkout / "got-chromium").exists()


def test_nothing_missing_nothing_said(checkout: Path) -> None:
    done = sh(checkout, ". deploy/debian.sh\nis_there() { true; }\ninstall_for_tests")
    assert (done.stdout, done.stderr) == ("", "")
