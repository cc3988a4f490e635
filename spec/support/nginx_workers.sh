#!/bin/sh
# nginx_workers.sh DIRECTORY KEEPER: runs nginx with the directory's nginx.conf for as long as the command KEEPER runs.
# The workers write a line each when they are there; the first one is waited for.
set -u
directory=$1
keeper=$2
PATH=$PATH:/usr/sbin
mkfifo "$directory/up"
nginx -p "$directory" -c nginx.conf -e error.log >"$directory/up" 2>"$directory/start.log" &
nginx=$!
exec 9<"$directory/up"
if read -r _ <&9; then
  sh -c "$keeper"
else
  cat "$directory/start.log"
fi
kill -TERM "$nginx" 2>/dev/null
wait "$nginx"
rm -rf "$directory"
