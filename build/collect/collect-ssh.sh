#!/usr/bin/env bash
# Measures a sweep on several computers over ssh, one shard on each, and brings the bundles here.
#
#   collect-ssh.sh HOST... -- [flags of crossover measure]
#   collect-ssh.sh node1 node2 me@node3 -- --engine openai --model MODEL --meter nvidia-smi --sweep paper
#
# It needs ssh and scp without a password, and Node on every host. Called again with the same hosts, key and flags it
# goes on: what is done is not measured again.
#
# CROSSOVER_ARCHIVE  the collector as a .tar.gz, as npm run build:collector makes it
# CROSSOVER_KEY      name of this collection (default: ssh)
# CROSSOVER_INTO     folder for the bundles here (default: ./crossover-results/bundles)
# CROSSOVER_THERE    folder on the hosts, in the user's home (default: crossover-collector)
# CROSSOVER_SERVER, CROSSOVER_PORT, CROSSOVER_PATIENCE, CROSSOVER_NODE: as collect.sh says, on the hosts
set -euo pipefail

say() { printf 'collect-ssh: %s\n' "$*" >&2; }

hosts=()
while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
  hosts+=("$1")
  shift
done
if [ "${#hosts[@]}" -eq 0 ] || [ "$#" -eq 0 ]; then
  say 'name the hosts, then --, then the flags of crossover measure'
  exit 2
fi
shift
archive=${CROSSOVER_ARCHIVE:?the collector as a .tar.gz: make it with npm run build:collector}
key=${CROSSOVER_KEY:-ssh}
there=${CROSSOVER_THERE:-crossover-collector}
into=${CROSSOVER_INTO:-$PWD/crossover-results/bundles}
shards=${#hosts[@]}
mkdir -p "$into"

# One host: the collector goes there, measures its shard, and the bundle comes back.
collect() {
  local host=$1 shard=$2
  shift 2
  local index=${shard%/*} settings=() name value words
  for name in CROSSOVER_SERVER CROSSOVER_PORT CROSSOVER_PATIENCE CROSSOVER_NODE; do
    value=${!name:-}
    [ -z "$value" ] || settings+=("$name=$value")
  done
  settings+=("CROSSOVER_KEY=$key" "CROSSOVER_SHARED=$there/results")
  # Quoted for the shell on the other side, which reads it as one line.
  words=$(printf '%q ' env "${settings[@]}" bash "$there/app/collect/collect.sh" "$shard" "$@")
  # shellcheck disable=SC2029
  ssh -n "$host" "mkdir -p $(printf %q "$there/app")"
  scp -q "$archive" "$host:$there/collector.tar.gz"
  # shellcheck disable=SC2029
  ssh -n "$host" "tar -xzf $(printf %q "$there/collector.tar.gz") --strip-components=1 -C $(printf %q "$there/app") && $words"
  scp -q "$host:$there/results/bundles/run-$key-$index.crossover-run.zip" "$into/"
}

pids=()
index=0
for host in "${hosts[@]}"; do
  index=$((index + 1))
  log=$into/$key-$index.log
  say "shard $index/$shards on $host; its log is $log"
  collect "$host" "$index/$shards" "$@" >>"$log" 2>&1 &
  pids+=("$!")
done
failed=()
for i in "${!pids[@]}"; do
  wait "${pids[$i]}" || failed+=("${hosts[$i]}")
done
if [ "${#failed[@]}" -gt 0 ]; then
  say "not done: ${failed[*]}. See the logs in $into; called again in the same way, they go on."
  exit 1
fi
say "all $shards shards are there. To make one profile of them: crossover runs import $into/run-$key-*.crossover-run.zip"
