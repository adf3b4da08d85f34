#!/usr/bin/env bash
# One search in n processes of this machine. usage: local.sh N SUBJECT [OPTION…]
set -euo pipefail
count=$1 subject=$2; shift 2
command=(node "$(dirname "$0")/../../../machine/cli/bin.js")
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
for i in $(seq "$count"); do
  "${command[@]}" explore "$subject" "$@" --shard "$i/$count" --out "$folder/$i.json" &
done
wait
"${command[@]}" merge "$folder"/*.json
