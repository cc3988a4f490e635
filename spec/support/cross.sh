#!/bin/sh
# cross.sh : the C sources compile for Windows, and for macOS as far as it goes without its headers (with those of the
# system at hand, of which the names that differ are told).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/include"
# libcurl's headers are the same everywhere, those beside them are not.
header=$(echo '#include <curl/curl.h>' | cc -E - | sed -n 's/^# 1 "\(.*\/curl\.h\)".*/\1/p' | head -n 1)
ln -s "${header%/*}" "$work/include/curl"
ln -s /usr/include/wslay "$work/include/wslay"
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wconversion -Werror -DAPPWRITE_REALTIME'
for file in csrc/*.c; do
  luas=lua5.4
  [ "${file#csrc/law}" = "$file" ] || luas='lua5.4 luajit-2.1'
  for lua in $luas; do
    # shellcheck disable=SC2086
    x86_64-w64-mingw32-gcc -std=c99 $warnings -Icsrc -isystem "$work/include" -isystem "/usr/include/$lua" -c "$file" \
      -o "$work/object.o"
  done
  # shellcheck disable=SC2086
  clang -fsyntax-only --target="$(uname -m)-apple-macosx11" -U__nonnull -Dst_mtimespec=st_mtim -std=c99 $warnings -Icsrc \
    -isystem /usr/include/lua5.4 -isystem /usr/include -isystem "/usr/include/$(cc -print-multiarch)" "$file"
done
