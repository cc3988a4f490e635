#!/bin/sh
# Realtime by libcurl instead of wslay: the frames by the same table, and the specs of sockets and realtime. Where
# the system's libcurl is older (Debian 12), a newer one of Debian's backports is unpacked under build.
set -eu
needed=$(sed -n 's/^#define AW_WEBSOCKET_VERSION "\(.*\)"/\1/p' csrc/aw.h)
mirror=${APPWRITE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
unpacked=$PWD/build/libcurl
packages='libcurl4 libcurl4-openssl-dev'

fail() {
  echo "$*" >&2
  exit 1
}

# own_apt COMMAND… : apt-get with nothing but backports, and with all that it writes under build.
own_apt() {
  command=$1
  shift
  apt-get -qq -o Dir::State="$unpacked/apt" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$unpacked/apt" \
    -o Dir::Etc::sourcelist="$unpacked/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferencesparts=/dev/null -o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::Retries=2 "$command" "$@"
}

fetch() {
  command -v apt-get >/dev/null || fail "libcurl $needed or newer is needed, and no apt-get is there to fetch one"
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")-backports
  rm -rf "$unpacked"
  mkdir -p "$unpacked/apt/lists/partial" "$unpacked/apt/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" \
    >"$unpacked/apt/sources.list"
  # shellcheck disable=SC2086
  (own_apt update && cd "$unpacked/apt" && own_apt download -t "$suite" $packages) ||
    fail "libcurl $needed or newer cannot be had: $packages of $suite at $mirror were not fetched (another mirror" \
      "is given by APPWRITE_DEBIAN_MIRROR)"
  for package in "$unpacked"/apt/*.deb; do
    dpkg -x "$package" "$unpacked"
  done
  mv "$unpacked/apt" "$unpacked/fetched"
}

# configured NAME [OPTION…]
configured() {
  name=$1
  shift
  cmake -S . -B "build/$name" -DLUA=5.4 -DAPPWRITE_WERROR=ON -DAPPWRITE_WEBSOCKET=libcurl "$@"
}

# with_libcurl COMMAND… : with the module of this build
with_libcurl() {
  LUA_PATH="lua/?.lua;./?.lua;;" LUA_CPATH="build/websocket/?.so;;" "$@"
}

refuse_an_old_libcurl() {
  rm -rf build/websocket-refused
  configured websocket-refused >build/websocket-refused.log 2>&1 && fail "a build with an old libcurl was made"
  tr -s ' \n' '  ' <build/websocket-refused.log | grep -q "needs libcurl $needed or newer" || {
    cat build/websocket-refused.log
    fail "the old libcurl is not named"
  }
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir libcurl) with_libcurl lua5.4 - "$needed" <<'LUA'
local appwrite = require "appwrite"
local client = appwrite.new { project = "test" }
local ok, message = pcall(function() return client.realtime end)
assert(not ok and message:find("realtime needs libcurl " .. ... .. " or newer", 1, true), message)
assert(client:url("avatars.getUserInitials", { name = "Ada" }))
LUA
}

prefix=/usr
if ! pkg-config --atleast-version="$needed" libcurl; then
  prefix=$unpacked/usr
  [ -d "$unpacked/fetched" ] || fetch
fi
headers=$prefix/include
[ -d "$headers/curl" ] || headers=$prefix/include/$(cc -print-multiarch)

configured websocket "-DCMAKE_PREFIX_PATH=$prefix"
cmake --build build/websocket --target appwrite-lua -j2
with_libcurl lua5.4 -e 'local core = require "appwrite.core" assert(core.WEBSOCKET == "libcurl", core.WEBSOCKET)
  assert(core.REALTIME == true, core.REALTIME)'
[ "$prefix" = /usr ] || refuse_an_old_libcurl

# The specs wait for servers most of their time.
with_libcurl lua5.4 /usr/bin/busted --helper=spec/support/leaks.lua spec/transport_curl_socket_spec.lua \
  spec/realtime_curl_spec.lua >build/websocket/specs.log 2>&1 &
specs=$!
configured websocket-asan "-DCMAKE_PREFIX_PATH=$prefix" -DAPPWRITE_TESTS=ON -DAPPWRITE_SANITIZE=ON
cmake --build build/websocket-asan --target frames_spec -j2
build/websocket-asan/spec/core/frames_spec
flags="-std=c99 -DAPPWRITE_REALTIME -DAPPWRITE_WEBSOCKET_CURL -Icsrc"
# shellcheck disable=SC2086
clang-tidy --quiet csrc/aw_frames_curl.c csrc/aw_socket_curl.c -- $flags -isystem "$headers"
cppcheck -q --std=c99 --enable=warning,style,performance,portability --error-exitcode=1 -D__linux__ \
  -DAPPWRITE_REALTIME -DAPPWRITE_WEBSOCKET_CURL -DLIBCURL_VERSION_NUM=0x080e01 -Icsrc --suppress=missingIncludeSystem \
  csrc/aw_frames_curl.c csrc/aw_socket*.c
# libcurl's headers are the same everywhere, those beside them are not.
mkdir -p build/websocket/include
ln -sfn "$headers/curl" build/websocket/include/curl
for file in csrc/aw_*_curl.c; do
  # shellcheck disable=SC2086
  x86_64-w64-mingw32-gcc $flags -Wall -Wextra -Wpedantic -Wconversion -Werror -isystem build/websocket/include \
    -fsyntax-only "$file"
done
wait "$specs" || {
  cat build/websocket/specs.log
  fail "the specs fail with libcurl's WebSocket"
}
sed -n 's/^\([0-9]* successes\).*/\1 over the WebSocket of libcurl/p' build/websocket/specs.log
