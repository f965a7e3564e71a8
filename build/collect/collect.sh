#!/usr/bin/env bash
# Measures one shard of a sweep on this computer, and leaves its bundle in a folder. Started again with the same key it
# goes on where it was; when it is done already, it only writes the bundle again.
#
#   collect.sh I/N [flags of crossover measure]
#
# CROSSOVER          the command line (default: the collector that this script came with)
# CROSSOVER_SHARED   folder for data, bundles and logs that outlives this start (default: ./crossover-results)
# CROSSOVER_KEY      name of this collection; its runs are called run-KEY-I (default: sweep)
# CROSSOVER_SERVER   command that starts the model server, where it is to be started here, with the port in
#                    CROSSOVER_PORT; --engine openai and --url are then given by this script
# CROSSOVER_PORT     port of that server (default: 8000)
# CROSSOVER_PATIENCE longest wait for that server, in seconds (default: 1800)
# CROSSOVER_NODE     Node's executable (default: node on the path)
set -euo pipefail

say() { printf 'collect: %s\n' "$*" >&2; }

shard=${1:-}
if [[ ! $shard =~ ^([1-9][0-9]*)/([1-9][0-9]*)$ ]]; then
  say 'which shard of how many? For example: collect.sh 1/4 --sweep paper'
  exit 2
fi
index=${BASH_REMATCH[1]}
shift

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
crossover=${CROSSOVER:-$here/../crossover}
shared=${CROSSOVER_SHARED:-$PWD/crossover-results}
run=run-${CROSSOVER_KEY:-sweep}-$index
node=${CROSSOVER_NODE:-node}
mkdir -p "$shared/lab" "$shared/bundles" "$shared/logs"

server=
measuring=
end_server() {
  [ -n "$server" ] || return 0
  # The server may have started others: they are of its process group.
  kill -TERM -- "-$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
}
trap end_server EXIT
pause() { [ -z "$measuring" ] || kill -TERM "$measuring" 2>/dev/null || true; }
trap 'pause; [ -n "$measuring" ] || exit 143' TERM INT

flags=()
if [ -n "${CROSSOVER_SERVER:-}" ]; then
  export CROSSOVER_PORT=${CROSSOVER_PORT:-8000}
  url=http://127.0.0.1:$CROSSOVER_PORT
  log=$shared/logs/$run-server.log
  say "starting the server; its log is $log"
  setsid bash -c "$CROSSOVER_SERVER" >>"$log" 2>&1 &
  server=$!
  answers='fetch(process.argv[1]).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))'
  until "$node" -e "$answers" "$url/v1/models"; do
    if ! kill -0 "$server" 2>/dev/null; then
      say "the server ended before it answered. Its log says why: $log"
      exit 4
    fi
    if [ "$SECONDS" -ge "${CROSSOVER_PATIENCE:-1800}" ]; then
      say "the server did not answer at $url within $SECONDS s. Its log may say why: $log"
      exit 4
    fi
    sleep 2
  done
  flags=(--engine openai --url "$url")
fi

# In the background, so that a signal is heard while it runs: it then pauses, and everything that it has is stored.
"$crossover" measure --data "$shared/lab/$run" --run "$run" --shard "$shard" ${flags[@]+"${flags[@]}"} "$@" &
measuring=$!
code=0
wait "$measuring" || code=$?
# A signal ends the waiting before the measuring has ended.
while kill -0 "$measuring" 2>/dev/null; do
  code=0
  wait "$measuring" || code=$?
done
if [ "$code" -ne 0 ]; then
  say "shard $shard is not done (exit code $code); started again, it goes on"
  exit "$code"
fi
"$crossover" runs export "$run" --data "$shared/lab/$run" --out "$shared/bundles/$run.crossover-run.zip" --force
