# shellcheck shell=sh
# What deploy.sh and update.sh share. Sourced, never run.
# DESTDIR stands before every path of the system outside the program's own folder; it is empty on a real machine.

# `app`, the program's folder, is set by the script that sources this.
# shellcheck disable=SC2154
name=motion-capture
unit=stillwatch.service
: "${DESTDIR:=}"
# Seconds to wait for the program to answer after a start, and how long it must then go on answering.
: "${HEALTH_WITHIN:=90}"
: "${HEALTH_STEADY:=6}"

say() { printf '%s\n' "$*"; }
fail() {
  printf 'stopped: %s\n' "$*" >&2
  exit 1
}

# write_file FILE TEXT, as the folder's owner.
write_file() { printf '%s\n' "$2" | as_owner tee "$1" >/dev/null; }

# Runs a command as the folder's owner, so that nothing in it ever belongs to somebody else.
as_owner() {
  owner=$(stat -c %U "$app")
  if [ "$(id -un)" = "$owner" ]; then
    "$@"
  else
    runuser -u "$owner" -- env "HOME=$app/.home" "PATH=$PATH" "$@"
  fi
}

# One value of .env, or the second argument.
setting() {
  value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" "$app/.env" 2>/dev/null | tail -n 1 | tr -d "\"'\r")
  printf '%s' "${value:-$2}"
}

# Who runs the program: systemd, pm2, or nobody yet.
runner() {
  if [ -f "$DESTDIR/etc/systemd/system/$unit" ]; then
    echo systemd
  elif command -v pm2 >/dev/null 2>&1 && as_owner env pm2 pid "$name" 2>/dev/null | grep -Eq '^[0-9]+$'; then
    echo pm2
  else
    echo nobody
  fi
}

restart() {
  case $(runner) in
    systemd) systemctl restart "$unit" ;;
    pm2) as_owner env pm2 restart "$name" --update-env ;;
    *) say "Nothing runs the program yet: start it with npm start, pm2 or deploy.sh." ;;
  esac
}

stop() {
  case $(runner) in
    systemd) systemctl stop "$unit" ;;
    pm2) as_owner env pm2 stop "$name" ;;
  esac
}

# The program knows its own port, address and certificate; a version that has no such command is asked as ever.
answers() {
  as_owner node dist/cli/main.js alive >/dev/null 2>&1 ||
    curl --silent --show-error --fail --max-time 5 "http://127.0.0.1:$(setting PORT 10000)/healthz" >/dev/null 2>&1 ||
    curl --silent --show-error --fail --insecure --max-time 5 "https://127.0.0.1:$(setting PORT 10000)/healthz" >/dev/null 2>&1
}

# True when the program answers in time and goes on answering: one that dies and is started again and again does not.
is_healthy() {
  waited=0
  until answers; do
    [ "$waited" -ge "$HEALTH_WITHIN" ] && return 1
    sleep 1
    waited=$((waited + 1))
  done
  waited=0
  while [ "$waited" -lt "$HEALTH_STEADY" ]; do
    sleep 1
    answers || return 1
    waited=$((waited + 1))
  done
}

# Packages and program, built in the current folder. --ignore-scripts is not given: the catalogue's driver needs its own.
build_here() {
  as_owner npm ci --no-audit --no-fund
  as_owner npm run --silent build
  [ -f dist/motion-capture.js ] || fail "the build made no dist/motion-capture.js"
}
