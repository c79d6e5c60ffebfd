#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL server that is gone afterwards:
#
#   deploy/with-postgres.sh COMMAND [ARGUMENT…]
#
# The command finds the server in ROUTEFORCE_TEST_POSTGRES_URL. If that is set already, the command
# is run as it is. Data and socket live in a temporary folder, the port is a free one.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: deploy/with-postgres.sh COMMAND [ARGUMENT…]" >&2; exit 2; }
[ -z "${ROUTEFORCE_TEST_POSTGRES_URL:-}" ] || exec "$@"

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

bin=
for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
  [ -x "$folder/initdb" ] && { bin=$folder; break; }
done
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)" 2>/dev/null) || true
[ -x "$bin/initdb" ] && [ -x "$bin/pg_ctl" ] || fail "PostgreSQL's programs are missing: run make setup-tests"

# The server refuses to run as root.
as_user=()
folder=$(mktemp -d /tmp/routeforce-postgres-XXXXXX)
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  as_user=(runuser -u "$user" --)
  chown "$user" "$folder"
fi

stop() {
  trap - EXIT
  if [ -f "$folder/data/postmaster.pid" ]; then
    (cd "$folder" && "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop) >/dev/null 2>&1 || true
  fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" > "$folder/password"
chmod 644 "$folder/password"
cd_run() { (cd "$folder" && "${as_user[@]}" "$@"); }
cd_run "$bin/initdb" -D "$folder/data" -U routeforce --auth=scram-sha-256 \
  --pwfile="$folder/password" --encoding=UTF8 --no-locale --no-sync >"$folder/initdb.log" 2>&1 ||
  { cat "$folder/initdb.log" >&2; fail "initdb failed"; }

port=
for _ in 1 2 3 4 5 6 7 8 9 10; do
  try=$((20000 + RANDOM))
  # Somebody answers there: taken.
  if (exec 3<>"/dev/tcp/127.0.0.1/$try") 2>/dev/null; then continue; fi
  options="-p $try -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off"
  options="$options -c max_connections=200 -c synchronous_commit=off -c full_page_writes=off"
  if cd_run "$bin/pg_ctl" -D "$folder/data" -l "$folder/data/server.log" -o "$options" -w -t 60 start >/dev/null 2>&1; then
    port=$try
    break
  fi
done
[ -n "$port" ] || { cat "$folder/data/server.log" >&2; fail "PostgreSQL did not start"; }

echo "== PostgreSQL $("$bin/postgres" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -1) on port $port"
export ROUTEFORCE_TEST_POSTGRES_URL="postgres://routeforce:$password@127.0.0.1:$port/postgres"
"$@"
