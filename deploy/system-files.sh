# shellcheck shell=sh
# What the program has in the system's folders: made by deploy.sh, renewed and put back by update.sh. Sourced after common.sh.

# `app` is set by the script that sources this, `old` and `kept` by update.sh.
# shellcheck disable=SC2154
system_files='stillwatch.service logrotate.conf Caddyfile'

# Where the file that is made of deploy/$1 lies.
system_file() {
  case $1 in
    stillwatch.service) echo "$DESTDIR/etc/systemd/system/$unit" ;;
    logrotate.conf) echo "$DESTDIR/etc/logrotate.d/stillwatch" ;;
    Caddyfile) echo "$DESTDIR/etc/caddy/stillwatch.caddyfile" ;;
  esac
}

# Where the photos lie: as stillwatch.yml says, else .env.
photos_folder() {
  photos=$(as_owner node dist/cli/main.js config print 2>/dev/null |
    awk '/^[^ ]/ { store = /^store:/ } store && sub(/^  folder: /, "") { print } sub(/^snapshotsDir: /, "") { print }' |
    tr -d "\"'" | head -n 1)
  photos=${photos:-$(setting SNAPSHOTS_DIR snapshots)}
  case $photos in /*) ;; *) photos=$app/$photos ;; esac
  printf '%s' "$photos"
}

# fill USER NODE PHOTOS DOMAIN PORT, from the standard input to the standard output: what stands between @ signs.
fill() {
  sed -e "s|@APP@|$app|g" -e "s|@HOME@|$app/.home|g" -e "s|@USER@|$1|g" -e "s|@NODE@|$2|g" -e "s|@PHOTOS@|$3|g" \
    -e "s|@DOMAIN@|$4|g" -e "s|@PORT@|$5|g"
}

# The same, with what was filled in when FILE was made.
fill_as() {
  fill "$(sed -n -e 's/^User=//p' -e 's/^[[:space:]]*su \([^ ]*\) .*/\1/p' "$1" | head -n 1)" \
    "$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$1")" "$(sed -n "s|^ReadWritePaths=$app -||p" "$1")" \
    "$(sed -n 's/^\([^ #]*\) {$/\1/p' "$1" | head -n 1)" "$(sed -n 's/.*reverse_proxy 127.0.0.1:\([0-9]*\) .*/\1/p' "$1")"
}

# Whole or not at all: put_file FILE TEXT
put_file() {
  printf '%s\n' "$2" >"$1.new" && chmod 644 "$1.new" && mv "$1.new" "$1"
}

# A unit is read before the program is started again, so that this comes first.
tell_readers() {
  case $1 in
    stillwatch.service) systemctl daemon-reload ;;
    Caddyfile) systemctl reload caddy ;;
  esac
}

# True when some version up to $old made the file as it is: nobody has changed it since.
is_as_made() {
  made=$(system_file "$1")
  for version in $(as_owner git log --format=%H "$old" -- "deploy/$1"); do
    [ "$(as_owner git show "$version:deploy/$1" | fill_as "$made")" != "$(cat "$made")" ] || return 0
  done
  return 1
}

# A file that was never kept has not been touched.
put_system_file_back() {
  [ ! -f "$kept/$1" ] || { put_file "$(system_file "$1")" "$(cat "$kept/$1")" && tell_readers "$1"; }
}

put_system_files_back() {
  for one in $system_files; do
    put_system_file_back "$one" || say "Note: $(system_file "$one") could not be put back"
  done
}

# To what the version that is checked out now makes of them.
renew_system_files() {
  for one in $system_files; do
    file=$(system_file "$one")
    if [ ! -f "$file" ] || [ ! -f "deploy/$one" ]; then continue; fi
    wanted=$(fill_as "$file" <"deploy/$one")
    if [ "$wanted" = "$(cat "$file")" ]; then
      continue
    elif ! is_as_made "$one"; then
      say "Note: $file was changed here and is left as it is; the new version's is $app/deploy/$one"
    elif printf '%s' "$wanted" | grep -Eq '@[A-Z]+@'; then
      say "Note: $file is to hold more than this update knows; run deploy.sh once"
    elif [ ! -w "$(dirname "$file")" ]; then
      say "Note: there is a new $file, which only root can put in its place: run deploy.sh once"
    elif cp "$file" "$kept/$one" && put_file "$file" "$wanted" && tell_readers "$one"; then
      say "Renewed $file. The one before is kept in .update/previous."
    else
      put_system_file_back "$one" || true
      say "Note: $file could not be renewed; the one before is in force"
    fi
  done
}

# put_databases_back FROM TO, while nothing runs. What was written since stays beside; photos are found again by the program itself.
put_databases_back() {
  for database in "$1"/*.sqlite; do
    [ -e "$database" ] || continue
    there=$2/$(basename "$database")
    for ending in '' -wal -shm; do
      if [ -e "$there$ending" ]; then as_owner mv "$there$ending" "$there.newer$ending"; fi
    done
    as_owner cp "$database" "$there"
  done
}
