#!/bin/sh
# spec/bench/realtime_cable.sh [TIMES] : connections that are half-open, by a cable that is pulled. Needs root and
# iproute2. The sandbox and the client are in network namespaces of their own, with a cable in between; once with the
# times of ordinary use, then so often with shorter ones. Says how long it takes until a loss is noticed, and until the
# connection is back. Run it where build/lua-5.4 is built.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
server=appwrite-server-$$ client=appwrite-client-$$
directory=$(mktemp -d)
relay=
export LUA_PATH="$root/lua/?.lua;$root/?.lua;;" LUA_CPATH="$root/build/lua-5.4/?.so;;"

finish() {
  [ ! -e "$directory/endpoint" ] ||
    ip netns exec "$server" examples/sandbox/sandbox stop --dir "$directory/sandbox" || true
  [ -z "$relay" ] || kill "$relay"
  ip netns del "$server"
  ip netns del "$client"
  rm -rf "$directory"
}

ip netns add "$server"
ip netns add "$client"
trap finish EXIT
ip link add near netns "$client" type veth peer name far netns "$server"
ip -n "$server" addr add 10.9.0.1/24 dev far
ip -n "$client" addr add 10.9.0.2/24 dev near
for name in "$server far" "$server lo" "$client near" "$client lo"; do
  ip -n "${name% *}" link set "${name#* }" up
done
mkdir "$directory/sandbox"
ip netns exec "$server" examples/sandbox/sandbox start --dir "$directory/sandbox" >"$directory/endpoint"
port=$(sed 's|.*:\([0-9]*\)/.*|\1|' "$directory/endpoint")
# The sandbox listens on its own loopback address only.
ip netns exec "$server" lua5.4 spec/bench/realtime_relay.lua 10.9.0.1 9000 "$port" &
relay=$!
for times in "ordinary 1" "short ${1:-40}"; do
  # shellcheck disable=SC2086
  ip netns exec "$client" lua5.4 spec/bench/realtime_cable.lua http://10.9.0.1:9000/v1 "$client" near $times
done
