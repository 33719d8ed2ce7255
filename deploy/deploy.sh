#!/bin/sh
# Sets Stillwatch up on a fresh Ubuntu or Debian server. Safe to run again: what is there already is left as it is.
#   sudo ./deploy.sh [--repo URL] [--dir /opt/motion-capture] [--with systemd|pm2] [--domain cam.example.org]
# It asks nothing it can know. Camera and password come from the environment (CAMERA_IP, USRNAME, PASSWORD) or, in a
# terminal, from three questions; without either, .env is left for you to fill in. With --domain, Caddy serves the gallery
# with HTTPS; the program itself asks for the login.
set -eu

repo=
app=/opt/motion-capture
with=systemd
domain=
while [ $# -gt 0 ]; do
  case $1 in
    --repo) repo=$2 ;;
    --dir) app=$2 ;;
    --with) with=$2 ;;
    --domain) domain=$2 ;;
    *)
      sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
      exit 2
      ;;
  esac
  shift 2
done
case $with in systemd | pm2) ;; *) echo "--with must be systemd or pm2" >&2 && exit 2 ;; esac

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# Run by itself, before anything is cloned, it has no common.sh beside it; the clone has.
if [ -f "$here/common.sh" ]; then
  # shellcheck source=deploy/common.sh
  . "$here/common.sh"
else
  : "${DESTDIR:=}"
  say() { printf '%s\n' "$*"; }
  fail() { printf 'stopped: %s\n' "$*" >&2 && exit 1; }
fi
: "${SERVICE_USER:=stillwatch}"
# The line of Node.js that is installed when the system's own is too old.
: "${NODE_LINE:=22}"

[ -n "$DESTDIR" ] || [ "$(id -u)" -eq 0 ] || fail "run it as root: sudo $0"
case $(uname -m) in x86_64 | aarch64) ;; *) fail "$(uname -m) is not supported: a 64-bit system is needed" ;; esac
command -v apt-get >/dev/null 2>&1 || fail "this is neither Ubuntu nor Debian (no apt-get)"
export DEBIAN_FRONTEND=noninteractive

# 1. Packages. The compiler is for the catalogue's driver, where no ready-made one fits the system.
say "1/6 packages"
needed=
for package in ca-certificates curl git build-essential python3; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || needed="$needed $package"
done
[ -z "$needed" ] || {
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  apt-get install -y -qq --no-install-recommends $needed
}

# 2. Node.js: the system's if it is new enough, else the vendor's package source, with its key pinned to that source.
say "2/6 Node.js"
node_fits() { command -v node >/dev/null 2>&1 && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; }
if ! node_fits; then
  candidate=$(apt-cache policy nodejs 2>/dev/null | sed -n 's/^ *Candidate: *//p' | cut -d. -f1)
  case $candidate in '' | *[!0-9]*) candidate=0 ;; esac
  if [ "$candidate" -ge 22 ]; then
    apt-get install -y -qq --no-install-recommends nodejs npm
  else
    mkdir -p "$DESTDIR/etc/apt/keyrings" "$DESTDIR/etc/apt/sources.list.d"
    curl -fsSL https://deb.nodesource.com/gpgkey/nodesource-repo.gpg.key -o "$DESTDIR/etc/apt/keyrings/nodesource.asc"
    echo "deb [signed-by=/etc/apt/keyrings/nodesource.asc] https://deb.nodesource.com/node_$NODE_LINE.x nodistro main" \
      >"$DESTDIR/etc/apt/sources.list.d/nodesource.list"
    apt-get update -qq
    apt-get install -y -qq nodejs
  fi
  node_fits || fail "Node.js 20.19 or newer could not be installed"
fi

# 3. A user of its own: the program needs nobody's rights.
say "3/6 user and program"
getent passwd "$SERVICE_USER" >/dev/null || useradd --system --home-dir "$app" --shell /usr/sbin/nologin "$SERVICE_USER"
if [ ! -d "$app/.git" ]; then
  # Run from a clone, the clone's own origin is the answer.
  [ -n "$repo" ] || repo=$(git -C "$here" remote get-url origin 2>/dev/null) || fail "say where the program is: --repo URL"
  mkdir -p "$app"
  chown "$SERVICE_USER:" "$app"
  runuser -u "$SERVICE_USER" -- git clone --quiet "$repo" "$app"
fi
# shellcheck source=deploy/common.sh
. "$app/deploy/common.sh"
# shellcheck source=deploy/system-files.sh
. "$app/deploy/system-files.sh"
cd "$app"
as_owner mkdir -p .home snapshots
commit=$(as_owner git rev-parse HEAD)
if [ ! -f dist/motion-capture.js ] || [ "$(cat .update/built 2>/dev/null)" != "$commit" ]; then
  build_here
  as_owner mkdir -p .update
  write_file .update/built "$commit"
fi

# 4. Settings: an .env that is there is never written to.
say "4/6 settings"
if [ ! -f .env ]; then
  ask() { # name, text
    eval "given=\${$1:-}"
    if [ -z "$given" ] && [ -t 0 ]; then
      [ "$1" != PASSWORD ] || stty -echo
      printf '%s: ' "$2" >&2
      IFS= read -r given || true
      [ "$1" != PASSWORD ] || { stty echo && echo >&2; }
    fi
    printf '%s' "$given"
  }
  camera=$(ask CAMERA_IP 'Address of the camera')
  user=$(ask USRNAME 'Camera user (Tapo: the camera account, not the TP-Link login)')
  password=$(ask PASSWORD 'Its password')
  old_mask=$(umask)
  umask 077
  if [ -n "$camera" ] && [ -n "$user" ] && [ -n "$password" ]; then
    {
      printf 'CAMERA_IP=%s\nUSRNAME=%s\n' "$camera" "$user"
      # Single quotes keep every character but themselves; a password with one is put in double quotes.
      case $password in *\'*) printf 'PASSWORD="%s"\n' "$password" ;; *) printf "PASSWORD='%s'\n" "$password" ;; esac
      printf 'CALM_PERIOD=%s\nPORT=%s\n' "${CALM_PERIOD:-10}" "${PORT:-10000}"
      # Behind the proxy on the same machine: visitors are who it says they are, and log in.
      [ -z "$domain" ] || printf 'BIND=127.0.0.1\nTRUST_PROXY=127.0.0.1\n'
    } >.env
  else
    cp .env.example .env
    missing=1
  fi
  umask "$old_mask"
  chown "$SERVICE_USER:" .env
fi

# 5. What keeps it running.
say "5/6 service ($with)"
if [ "$with" = systemd ]; then
  mkdir -p "$DESTDIR/etc/systemd/system"
  unit_file=$(system_file stillwatch.service)
  wanted=$(fill "$SERVICE_USER" "$(command -v node)" "$(photos_folder)" '' '' <deploy/stillwatch.service)
  if [ "$wanted" != "$(cat "$unit_file" 2>/dev/null)" ]; then
    put_file "$unit_file" "$wanted"
    systemctl daemon-reload
  fi
  systemctl enable --quiet "$unit"
  [ -n "${missing:-}" ] || systemctl restart "$unit"
else
  command -v pm2 >/dev/null 2>&1 || npm install --global --no-audit --no-fund pm2
  mkdir -p "$DESTDIR/etc/logrotate.d"
  put_file "$(system_file logrotate.conf)" "$(fill "$SERVICE_USER" '' '' '' '' <deploy/logrotate.conf)"
  if [ -z "${missing:-}" ]; then
    as_owner env pm2 startOrRestart deploy/ecosystem.config.cjs
    as_owner env pm2 save
  fi
  # As the first version's crontab line did, for the program's own user.
  line="@reboot $app/start-or-resurrect.sh"
  as_owner crontab -l 2>/dev/null | grep -Fqx "$line" ||
    { as_owner crontab -l 2>/dev/null || true; printf '%s\n' "$line"; } | as_owner crontab -
fi

# 6. HTTPS, if there is a name for it.
say "6/6 access"
port=$(setting PORT 10000)
if [ -n "$domain" ]; then
  command -v caddy >/dev/null 2>&1 || apt-get install -y -qq --no-install-recommends caddy
  caddyfile=$DESTDIR/etc/caddy/Caddyfile
  # A site that stands in the Caddyfile itself is somebody's own; ours is a file that it imports.
  if ! grep -Fq "$domain {" "$caddyfile" 2>/dev/null; then
    mkdir -p "$DESTDIR/etc/caddy"
    put_file "$(system_file Caddyfile)" "$(fill '' '' '' "$domain" "$port" <deploy/Caddyfile)"
    grep -Fqx 'import stillwatch.caddyfile' "$caddyfile" 2>/dev/null || printf 'import stillwatch.caddyfile\n' >>"$caddyfile"
    systemctl reload-or-restart caddy
  fi
  [ "$(setting BIND 0.0.0.0) $(setting TRUST_PROXY '')" = '127.0.0.1 127.0.0.1' ] ||
    say "Note: for the proxy, set BIND=127.0.0.1 and TRUST_PROXY=127.0.0.1 in $app/.env and restart."
fi
if command -v ufw >/dev/null 2>&1 && ufw status 2>/dev/null | grep -q 'Status: active'; then
  if [ -n "$domain" ]; then say "Firewall: ufw allow 80,443/tcp"; else say "Firewall: ufw allow from YOUR_NETWORK to any port $port proto tcp"; fi
fi

if [ -n "${missing:-}" ]; then
  say "Nearly there: fill in $app/.env, then run this again."
  exit 0
fi
is_healthy || fail "it was installed, but does not answer on port $port. See: journalctl -u $unit, or pm2 logs $name"
if [ -n "$domain" ]; then
  say "Open https://$domain/setup and type the key that this shows, to be its owner: cd $app && runuser -u $SERVICE_USER -- npm run --silent stillwatch -- setup-key"
fi
say "Stillwatch runs: http://127.0.0.1:$port/ . Check the camera: cd $app && npm run checkAccess"
say "Later: $app/deploy/update.sh"
