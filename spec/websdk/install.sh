# The web SDK from npm into build/websdk. Sourced by sh; sets root, here and modules.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
here=$root/spec/websdk
modules=$root/build/websdk

cd "$root"
mkdir -p "$modules"
if ! cmp -s "$here/package-lock.json" "$modules/installed"; then
  rm -f "$modules/installed"
  cp "$here/package.json" "$here/package-lock.json" "$modules"
  (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  cp "$here/package-lock.json" "$modules/installed"
fi
lua5.4 "$here/operations.lua" >"$modules/operations"
