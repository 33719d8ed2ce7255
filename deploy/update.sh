#!/bin/sh
# Brings Stillwatch up to date: builds the new version beside the running one, switches, asks /healthz, and goes back to
# the old version by itself when the new one does not answer. The unit and its kin are renewed with it, unless they were changed
# here. Photos and settings are never touched.
#   ./deploy/update.sh [commit or tag]     default: the newest of the branch that is checked out
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
app=$(dirname -- "$here")
# The shell reads a script as it runs it; this one replaces itself when it switches, so it runs from a copy.
if [ -z "${STILLWATCH_UPDATE_COPY:-}" ]; then
  copy=$(mktemp -d)
  cp "$here/update.sh" "$here/common.sh" "$here/system-files.sh" "$copy/"
  STILLWATCH_UPDATE_COPY=$app STILLWATCH_UPDATE_FOLDER=$copy exec sh "$copy/update.sh" "$@"
fi
app=$STILLWATCH_UPDATE_COPY
# shellcheck source=deploy/common.sh
. "$STILLWATCH_UPDATE_FOLDER/common.sh"
# shellcheck source=deploy/system-files.sh
. "$STILLWATCH_UPDATE_FOLDER/system-files.sh"
cd "$app"

[ -d .git ] || fail "$app is not a git checkout; install it with deploy.sh"
mkdir -p .update
exec 9>.update/lock
flock -n 9 || fail "another update is running"
# Nobody who outlives this script (pm2's daemon, if it is started here) may hold the lock.
restart_unlocked() { restart 9>&-; }

beside=$app/.update/build
kept=$app/.update/previous
# shellcheck disable=SC2317 # called by the trap
clean_up() {
  as_owner git worktree remove --force "$beside" >/dev/null 2>&1 || rm -rf "$beside"
  as_owner git worktree prune >/dev/null 2>&1 || true
  rm -rf "$STILLWATCH_UPDATE_FOLDER"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

old=$(as_owner git rev-parse HEAD)
# An update that was cut off while builds changed places: the files are the old version's still, the builds not all.
if [ -f "$kept/commit" ] && { [ ! -f dist/motion-capture.js ] || [ "$(cat "$kept/commit")" = "$old" ]; }; then
  say "An earlier update was cut off: putting its old version back."
  as_owner git reset --quiet --keep "$(cat "$kept/commit")"
  for part in dist node_modules; do
    if [ -e "$kept/$part" ]; then rm -rf "$part" && mv "$kept/$part" "$part"; fi
  done
  put_system_files_back
  rm -rf "$kept"
  restart_unlocked
  old=$(as_owner git rev-parse HEAD)
fi

as_owner git fetch --quiet --tags origin
if [ $# -gt 0 ]; then
  new=$(as_owner git rev-parse --verify --quiet "$1^{commit}") || fail "$1 is no version of this program"
else
  new=$(as_owner git rev-parse --verify --quiet '@{upstream}') || fail "this checkout follows no branch; name a version"
fi
is_switched=
if [ -f "$kept/commit" ] && [ "$new" = "$old" ] && [ "$(cat .update/built 2>/dev/null)" != "$old" ]; then
  say "An earlier update was cut off before it was looked at: going on with it."
  is_switched=yes
  old=$(cat "$kept/commit")
elif [ "$new" = "$old" ] && [ -f dist/motion-capture.js ]; then
  say "Up to date already ($(as_owner git describe --always --tags "$new"))."
  exit 0
fi
# Changes of the owner's own in files of the program would be lost or in the way: say so before anything is built.
[ -z "$(as_owner git status --porcelain --untracked-files=no)" ] ||
  fail "files of the program were changed here: see git status, then git stash or git checkout them"

put_in_place() {
  # $1: where dist and node_modules come from; $2: where the present ones go.
  for part in dist node_modules; do
    if [ -e "$part" ]; then mv "$part" "$2/$part"; fi
    mv "$1/$part" "$part"
  done
}

if [ -z "$is_switched" ]; then
  say "Building $(as_owner git describe --always --tags "$new") beside the running version ..."
  rm -rf "$beside"
  as_owner git worktree prune
  as_owner git worktree add --quiet --force --detach "$beside" "$new"
  (cd "$beside" && build_here) || fail "the new version cannot be built; nothing was changed"

  say "Switching ..."
  rm -rf "$kept"
  as_owner mkdir -p "$kept"
  as_owner node "$beside/deploy/keep-databases.cjs" "$(photos_folder)/.stillwatch" "$kept/data" 2>/dev/null ||
    say "Note: the databases could not be copied; if the new version changes them, the old one cannot read them."
  write_file "$kept/commit" "$old"
  put_in_place "$beside" "$kept"
  if ! as_owner git reset --quiet --keep "$new"; then
    put_in_place "$kept" "$beside"
    rm -rf "$kept"
    fail "the new version's files could not be checked out; nothing was changed"
  fi
fi

renew_system_files || say "Note: not all of the system's files could be renewed; run deploy.sh once more"
restart_unlocked
if [ "$(runner)" = nobody ] || is_healthy; then
  write_file .update/built "$new"
  say "Updated to $(as_owner git describe --always --tags "$new"). The version before is kept in .update/previous."
  exit 0
fi

say "The new version does not answer: going back to $(as_owner git describe --always --tags "$old") ..."
as_owner git reset --quiet --keep "$old"
mkdir -p "$beside/failed"
put_in_place "$kept" "$beside/failed"
put_system_files_back
restart_unlocked
taken_back="the update was taken back; the old version runs. Its log says why the new one did not start."
if is_healthy; then
  rm -rf "$kept"
  fail "$taken_back"
fi
# The new version may have brought the databases into a shape that the old one does not know.
if [ -d "$kept/data" ]; then
  say "The old version does not answer either: its databases are put back as they were before the update ..."
  stop
  put_databases_back "$kept/data" "$(photos_folder)/.stillwatch"
  restart_unlocked
  if is_healthy; then
    rm -rf "$kept"
    fail "$taken_back"
  fi
fi
fail "neither the new nor the old version answers. See: journalctl -u $unit, or pm2 logs $name"
