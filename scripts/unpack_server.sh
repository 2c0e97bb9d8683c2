#!/bin/sh
# Unpacks a database server of another Debian suite into a folder, without changing this machine's packages: no root, no
# chroot. Programs run by the folder's own dynamic loader with its own libraries.
#
#   unpack_server.sh FOLDER sid mysql-server-core mysql-client-core
#   unpack_server.sh FOLDER trixie mariadb-server-core mariadb-client-core mariadb-server
#
# FOLDER becomes an installation for `rdsiam emulator --server`: bin, share and lib.
set -eu
[ $# -ge 3 ] || { echo "usage: unpack_server.sh FOLDER SUITE PACKAGE..." >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd); suite=$2; shift 2
[ ! -e "$folder/whole" ] || exit 0

# Private state for apt: it knows no installed package, and one source.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -1)}
apt=$folder/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/etc/apt.conf.d" "$apt/etc/preferences.d"
: >"$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/etc/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::State "$apt"; Dir::State::status "$apt/status"; Dir::State::lists "$apt/lists"; Dir::Cache "$apt";
Dir::Etc "$apt/etc"; Dir::Etc::sourcelist "$apt/etc/sources.list"; Dir::Etc::sourceparts "-";
Dir::Etc::parts "$apt/etc/apt.conf.d"; Dir::Etc::preferencesparts "$apt/etc/preferences.d"; Dir::Log "$apt";
APT::Sandbox::User "$(id -un)"; APT::Install-Recommends "false"; Debug::NoLocking "true";
Acquire::Languages "none"; Acquire::Retries "3"; Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::Check-Valid-Until "false"; # a mirror may be behind
CONF
export APT_CONFIG="$apt/apt.conf"
apt-get -q update
apt-get -q install --print-uris -y "$@" | sed -n "s/^'[^']*' \([^_ ]*\)_.*/\1/p" >"$apt/all"

# Of what the servers depend on, libraries alone are used; perl, debconf and systemd's own programs are not.
named=$(printf '%s|' "$@")
grep -E "^(${named%|}|lib.*|gcc-.*base|tzdata.*|mysql-common|mariadb-common)$" "$apt/all" |
  grep -vE '^lib(perl|systemd-shared|pam|apparmor|audit|semanage|sepol|dbi|readline-dev|terms|conf-|config)' >"$apt/names"
(cd "$apt/archives" && xargs apt-get -q download <"$apt/names")
for package in "$apt"/archives/*.deb; do dpkg-deb -x "$package" "$folder"; done
rm -rf "$apt"

[ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
ln -sfn usr/share "$folder/share"
# Started by the loader, a program is told its own path as its name: it looks for its files beside that.
libc=$(ls "$folder"/usr/lib/*/libc.so.6 "$folder"/lib/*/libc.so.6 2>/dev/null | head -1)
triplet=$(basename "$(dirname "$libc")")
loader=$(ls "$folder"/usr/lib64/ld-linux-*.so.? "$folder"/lib64/ld-linux-*.so.? \
  "$folder"/usr/lib/*/ld-linux-*.so.? "$folder"/lib/*/ld-linux-*.so.? 2>/dev/null | head -1)
mkdir -p "$folder/bin"
for program in "$folder"/usr/sbin/* "$folder"/usr/bin/*; do
  name=$(basename "$program")
  case $name in mysql* | mariadb*) ;; *) continue ;; esac
  [ "$(head -c 4 "$program" | tail -c 3)" = ELF ] || continue # the rest are scripts
  cat >"$folder/bin/$name" <<RUN
#!/bin/sh
root=\$(cd "\$(dirname "\$0")/.." && pwd)
exec "\$root/${loader#"$folder/"}" \\
  --library-path "\$root/usr/lib/$triplet:\$root/lib/$triplet:\$root/usr/lib/mysql/private:\$root/usr/lib/mysql-router" \\
  --argv0 "\$root/${program#"$folder/"}" "\$root/${program#"$folder/"}" "\$@"
RUN
  chmod +x "$folder/bin/$name"
done
touch "$folder/whole"
