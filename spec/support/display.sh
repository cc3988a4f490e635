#!/bin/sh
# display.sh COMMAND… : run a command on a display of its own that nobody sees. Xvfb takes a number that is free and says
# which when it is ready; xvfb-run guesses one, and leaves its Xvfb behind where it cannot remove its own files.
set -u
files=$(mktemp -d) || exit 1
xvfb=
end() {
  [ -n "$xvfb" ] && kill "$xvfb" && wait "$xvfb"
  rm -rf "$files"
}
trap 'end 2>/dev/null' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkfifo "$files/number" || exit 1
Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>"$files/number" >"$files/log" 2>&1 &
xvfb=$!
number=
read -r number <"$files/number"
if [ -z "$number" ]; then
  cat "$files/log" >&2
  exit 1
fi
DISPLAY=:$number "$@"
