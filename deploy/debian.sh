# Sourced by ./test: Debian's packages that some tests need. Nothing here is needed to run the product.

for_what() {
    case $1 in
        chromium) echo "journeys in a real browser 浏览器测试" ;;
        fonts-noto-cjk) echo "Chinese text in screenshots 截图中的汉字" ;;
        postgresql-15) echo "the data tests on PostgreSQL 15 在 PostgreSQL 15 上的数据测试" ;;
        libreoffice-calc) echo "opening our .xlsx files with LibreOffice 用 LibreOffice 打开导出的表格" ;;
    esac
}

is_there() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }

# Debian would set up and start a server of its own; the tests need only the programs.
without_a_cluster_of_its_own() {
    is_there postgresql-common && return
    apt_install postgresql-common || return 0
    settings=/etc/postgresql-common/createcluster.conf
    sed -i -E "s/^#? *(create_main_cluster).*/\1 = false/" "$settings"
}

missing() { for name in chromium fonts-noto-cjk postgresql-15 libreoffice-calc; do is_there "$name" || echo "$name"; done; }

# Prints a line for each part of the tests that has to be left out, and why.
install_for_tests() {
    why=""
    if [ -n "$(missing)" ]; then
        if ! command -v apt-get >/dev/null 2>&1; then
            why="this system has no apt-get"
        elif [ "$(id -u)" != 0 ]; then
            why="only root may install it: apt-get install"
        else
            say "正在安装测试用的 $(missing | tr '\n' ' ')……"
            apt-get update -qq >/dev/null 2>&1
            without_a_cluster_of_its_own
            for name in $(missing); do apt_install "$name" || true; done
            why="apt-get could not install"
        fi
    fi
    for name in $(missing); do echo "- $(for_what "$name") ($why $name)"; done
}
