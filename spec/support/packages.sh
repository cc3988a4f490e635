#!/bin/sh
# packages.sh WHAT DIRECTORY : one way to install the library, into an empty directory, and a first script from there
# against the server of APPWRITE_ENDPOINT. WHAT is cmake, debian, love, defold or "rock LUA". Run in the checkout.
set -eu
root=$PWD
here=$root/spec/support/packages
what=$1
[ "$what" = rock ] && lua=$2 && shift
work=$2
rm -rf "$work"
mkdir -p "$work"
work=$(CDPATH='' cd -- "$work" && pwd)

# A checkout of its own where a tool builds in place.
copy_sources() {
  mkdir "$work/sources"
  cp -R appwrite-scm-1.rockspec CMakeLists.txt LICENSE csrc lua "$work/sources"
}

configured() {
  cmake -S "$root" -B "$work/build" "$@"
  cmake --build "$work/build" -j2
}

from_cmake() {
  configured -DLUA=5.4 -DCMAKE_INSTALL_PREFIX="$work/prefix"
  cmake --install "$work/build"
  APPWRITE_FROM=$work/prefix LUA_PATH="$work/prefix/share/lua/5.4/?.lua" \
    LUA_CPATH="$work/prefix/lib/lua/5.4/?.so;;" lua5.4 "$here/first.lua"
  cmake -S "$here" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$work/prefix"
  cmake --build "$work/consumer"
  LUA_PATH='' APPWRITE_FROM=@appwrite.lua "$work/consumer/consumer" "$here/first.lua"
  flags=$(PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig" pkg-config --cflags --libs appwrite-lua lua5.4)
  # shellcheck disable=SC2086
  cc -o "$work/by-pkg-config" "$here/consumer.c" $flags
  LUA_PATH='' APPWRITE_FROM=@appwrite.lua "$work/by-pkg-config" "$here/first.lua"
}

# Unpacked, not installed: the machine stays as it is. What it depends on is compared with what it was built with.
from_debian() {
  configured -DLUA=5.4 -DCMAKE_INSTALL_PREFIX=/usr
  (cd "$work/build" && cpack)
  package=$(ls "$work"/build/lua5.4-appwrite_*.deb)
  dpkg-deb -f "$package" Depends | tee /dev/stderr | grep -q 'lua-cjson.*libcurl4'
  # What linking the static library takes, and no second one in its place.
  library=$(ls "$work"/build/libappwrite-lua5.4-dev_*.deb)
  dpkg-deb -f "$library" Depends | tee /dev/stderr | grep -q 'libcurl4-openssl-dev.*liblua5.4-dev.*libwslay-dev'
  dpkg-deb -f "$library" Conflicts | grep -qx libappwrite-lua-dev
  for one in "$package" "$library"; do
    dpkg-deb -c "$one" | grep '/doc/[^/]*/copyright$' >/dev/null
  done
  dpkg-deb -x "$package" "$work/unpacked"
  modules=$(dirname "$(dirname "$(find "$work/unpacked" -name core.so)")")
  APPWRITE_FROM=$work/unpacked LUA_PATH="$work/unpacked/usr/share/lua/5.4/?.lua" LUA_CPATH="$modules/?.so;;" \
    lua5.4 "$here/first.lua"
}

from_love() {
  configured -DLUA=jit
  cmake --build "$work/build" --target love-package
  mkdir "$work/game"
  tar xzf "$work"/build/appwrite-love-*.tar.gz -C "$work/game"
  cp "$here/love/main.lua" "$here/first.lua" "$work/game"
  LUA_PATH='' LUA_CPATH='' SDL_AUDIODRIVER=dummy xvfb-run -a love "$work/game" | tee "$work/said"
  grep -qx 'the game ran' "$work/said"
}

# The folder holds all that Defold's build server gets; it compiles against the part of Defold's headers it needs, and
# runs in what takes the engine's place.
from_defold() {
  cmake -S "$root" -B "$work/build" -DLUA=jit
  cmake --build "$work/build" --target defold-extension
  extension=$work/build/defold/appwrite
  for file in "$extension"/src/*.c "$extension"/src/*.cpp; do
    compiler='cc -std=c99'
    [ "${file%.cpp}" = "$file" ] || compiler='c++ -std=c++11'
    # shellcheck disable=SC2046,SC2086
    $compiler -fPIC -Wall -Wextra -Werror -c "$file" -o "$work/$(basename "$file").o" -I "$extension/include" \
      -isystem "$here/defold" -isystem "$(pkg-config --variable=includedir luajit)"
  done
  # The engine's part is played by one of the specs' own; lua-cjson is Debian's.
  # shellcheck disable=SC2046
  c++ -std=c++11 -Wall -Wextra -Werror -o "$work/game" "$here/defold/engine.cpp" "$work"/*.o -isystem "$here/defold" \
    -isystem "$(pkg-config --variable=includedir luajit)" -lcurl -lwslay -pthread $(pkg-config --libs luajit)
  LUA_PATH='' "$work/game" "$here/defold/first.script" | tee "$work/said"
  grep -q '^logged in as ' "$work/said"
}

# What `luarocks pack` makes goes into an empty tree.
from_rock() {
  case $lua in
  jit) version=5.1 program=luajit headers=$(pkg-config --variable=includedir luajit) ;;
  *) version=$lua program=lua$lua headers=/usr/include/lua$lua ;;
  esac
  copy_sources
  cd "$work/sources"
  luarocks --lua-version "$version" --tree "$work/made" make --deps-mode=none appwrite-scm-1.rockspec \
    LUA_INCDIR="$headers"
  luarocks --lua-version "$version" --tree "$work/made" pack appwrite
  luarocks --lua-version "$version" --tree "$work/tree" install --deps-mode=none ./appwrite-scm-1.*.rock
  APPWRITE_FROM=$work/tree LUA_PATH="$work/tree/share/lua/$version/?.lua" \
    LUA_CPATH="$work/tree/lib/lua/$version/?.so;;" "$program" "$here/first.lua"
}

"from_$what"
