#!/bin/sh
# Kept at this path for the crontab line of the first version: @reboot /path/to/project/start-or-resurrect.sh
exec "$(dirname "$0")/deploy/start-or-resurrect.sh" "$@"
