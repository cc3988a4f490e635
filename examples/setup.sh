# For examples/run and spec/run: find the checkout, install what is missing, build the module. Sourced by sh.

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  say "$*"
  exit 1
}

# need PACKAGE… : Debian packages; "a|b" is satisfied by any of them.
need() {
  command -v dpkg-query >/dev/null || return 0 # another system: what is missing will say so itself
  missing=
  for choice; do
    found=
    for package in $(printf '%s' "$choice" | tr '|' ' '); do
      dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed && found=yes
    done
    [ "$found" ] || missing="$missing ${choice%%|*}"
  done
  [ "$missing" ] || return 0
  [ "$(id -u)" = 0 ] || fail "Packages are missing. Install them and try again:
  sudo apt-get install --no-install-recommends$missing"
  say "installing$missing"
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
    >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install$missing"
  fi
  rm -f "$log"
}

# quietly WHAT COMMAND… : the output is shown only where it fails.
quietly() {
  what=$1
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    fail "$what failed"
  fi
  rm -f "$log"
}

# build LUA [OPTION…] : the module for 5.4, 5.3, 5.1 or jit, into build/lua-LUA
build() {
  lua=$1
  shift
  [ -e "$root/build/lua-$lua/appwrite/core.so" ] || say "building for Lua $lua"
  quietly "cmake for Lua $lua" cmake -S "$root" -B "$root/build/lua-$lua" -DLUA="$lua" "$@"
  quietly "the build for Lua $lua" cmake --build "$root/build/lua-$lua" -j2
}

# The packages for the library itself, and for the server that the examples run against.
library_packages='gcc libc6-dev make cmake pkg-config lua5.4 liblua5.4-dev lua-cjson
  libcurl4-openssl-dev|libcurl4-gnutls-dev|libcurl4-nss-dev libwslay-dev'
sandbox_packages='nginx|nginx-core|nginx-light|nginx-full|nginx-extras libnginx-mod-http-lua lua-nginx-websocket
  iso-codes locales
  liboath0 libgd3 libqrencode4 libmagic1|libmagic1t64 iso-flags-png-320x240'
