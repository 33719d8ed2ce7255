#!/bin/sh
# Brings Stillwatch back under pm2 after a restart of the machine: resurrects the saved process list if it has us,
# else starts us from ecosystem.config.cjs and saves the list. Safe to run at any time, also while it is running.
set -eu

project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
name=motion-capture
cd "$project"

# cron has a bare PATH: find node where installers put it.
for folder in "$HOME"/.nvm/versions/node/*/bin /usr/local/bin /opt/node/bin; do
  [ -x "$folder/node" ] && PATH="$folder:$PATH"
done
export PATH

if command -v pm2 >/dev/null 2>&1; then
  pm2() { command pm2 "$@"; }
else
  pm2() { npx --yes=false pm2 "$@"; }
fi

is_running() { pm2 pid "$name" 2>/dev/null | grep -Eq '^[1-9][0-9]*$'; }

if is_running; then
  echo "$name is running already."
  exit 0
fi
pm2 resurrect || true
if ! is_running; then
  [ -f dist/motion-capture.js ] || npm run build
  pm2 start deploy/ecosystem.config.cjs
  pm2 save
fi
is_running && echo "$name is running."
