#!/bin/sh
# Run one step of the set-up quietly: one line when it goes well, the whole log when it does not.
# Usage: tools/step.sh "What is being done" command [argument ...]
message=$1
shift
log=$(mktemp)
printf '%s ... ' "$message"
if "$@" >"$log" 2>&1 </dev/null; then
    printf 'done\n'
    rm -f "$log"
else
    code=$?
    printf 'failed\n\n'
    cat "$log"
    printf '\n%s failed. The lines above say why. The command was: %s\n' "$message" "$*"
    rm -f "$log"
    exit "$code"
fi
