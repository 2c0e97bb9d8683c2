#!/bin/sh
# Stands in for AWS's session-manager-plugin: the same arguments, variables and words, and a forward by socat.
[ "$1" = AWS_SSM_START_SESSION_RESPONSE ] && [ "$3" = StartSession ] || exit 8
case "$AWS_SSM_START_SESSION_RESPONSE" in *'"TokenValue":"'?*) ;; *) exit 7 ;; esac
host=$(printf %s "$5" | sed 's/.*"host":\["\([^"]*\)".*/\1/')
port=$(printf %s "$5" | sed 's/.*"portNumber":\["\([^"]*\)".*/\1/')
{
  until nc -z 127.0.0.1 "$FAKE_PLUGIN_PORT"; do sleep 0.1; done
  printf '\nStarting session with SessionId: s\nPort %s opened for sessionId s.' "$FAKE_PLUGIN_PORT"
  printf '\nWaiting for connections...\n'
} &
exec socat "TCP-LISTEN:$FAKE_PLUGIN_PORT,bind=127.0.0.1,fork,reuseaddr" "TCP:$host:$port"
