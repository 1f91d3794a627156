#!/bin/sh
# Makes this EC2 instance a host of its pool: tools, a fixed address, the engine, enrolment. Then it waits until the instance is to go, and drains it first.
# It can be run again at any time. Whatever comes from outside is in files and in quotes; nothing of it is evaluated.
set -eu
umask 077
export AWS_PAGER='' DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

settings=/etc/dialplane-host
state=/var/lib/dialplane-host
metadata_service=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}

# What a setting says; empty where there is none.
setting() {
  [ ! -e "$settings/$1" ] || cat "$settings/$1"
}

say() {
  printf 'dialplane-host: %s\n' "$*"
}

pause() {
  sleep "$(setting pause-seconds)"
}

metadata() {
  session=$(curl -fsS -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata_service/latest/api/token") &&
    curl -fsS -m 5 -H "X-aws-ec2-metadata-token: $session" "$metadata_service/latest/meta-data/$1"
}

# Tells the group and the stack how it went: CONTINUE and SUCCESS, or ABANDON and FAILURE. A stack that is not being made wants no signal.
tell() {
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name "$fleet" --instance-id "$instance" \
    --lifecycle-hook-name "$(setting hook-enrolled)" --lifecycle-action-result "$1" || say "the group was not waiting to hear $1"
  aws cloudformation signal-resource --stack-name "$(setting stack)" --logical-resource-id "$(setting resource)" \
    --unique-id "$instance" --status "$2" >/dev/null 2>&1 || true
}

# Ends it for good, with the reason on the console of the instance.
give_up() {
  say "GIVEN UP: $*"
  tell ABANDON FAILURE
  exit 3
}

# Does something until it is done, or until it has been tried for too long. First comes what it is.
patiently() {
  what=$1
  shift
  while ! "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || give_up "$what: it did not work within $(setting patience-seconds) seconds"
    say "$what: not yet, trying again"
    pause
  done
  say "$what: done"
}

apt() {
  apt-get -qq -o DPkg::Lock::Timeout=120 "$@"
}

install_tools() {
  { command -v aws && command -v jq; } >/dev/null || { apt update && apt install -y --no-install-recommends awscli jq ca-certificates; }
}

# By which Session Manager reaches this host. Without it there is no way in, and calls go on all the same.
install_session_manager() {
  [ ! -e "$state/session-manager" ] || return 0
  architecture=$(dpkg --print-architecture)
  at="https://amazon-ssm-$region.s3.$region.amazonaws.com/latest/debian_$architecture/amazon-ssm-agent.deb"
  if curl -fsS -m 120 -o "$state/ssm.deb" "$at" && dpkg -i "$state/ssm.deb"; then
    : >"$state/session-manager"
  else
    say "Session Manager could not be installed"
  fi
  rm -f "$state/ssm.deb"
}

# A free address of the fleet. Another host may take it first, and then the next one is tried.
take_address() {
  held=$(addresses "Name=instance-id,Values=$instance" 'Addresses[0].PublicIp') || return 1
  if [ "$held" = None ]; then
    free=$(addresses "Name=domain,Values=vpc" 'Addresses[?AssociationId==null].AllocationId') || return 1
    for allocation in $free; do
      ! aws ec2 associate-address --allocation-id "$allocation" --instance-id "$instance" --no-allow-reassociation >/dev/null || break
    done
    held=$(addresses "Name=instance-id,Values=$instance" 'Addresses[0].PublicIp') || return 1
  fi
  address=$held
  [ "$(metadata public-ipv4)" = "$address" ]
}

# Of the fleet's addresses those that a filter lets through, and of them what a query says.
addresses() {
  aws ec2 describe-addresses --filters "Name=tag:dialplane:fleet,Values=$fleet" "$1" --query "$2" --output text
}

secret() {
  aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text
}

# SignalWire's packages, as it documents them. The token is in files for root alone.
add_signalwire() {
  repository=https://freeswitch.signalwire.com/repo/deb/debian-release/
  ring=/usr/share/keyrings/signalwire-freeswitch-repo.gpg
  token=$(secret "$(setting token-secret)") || return 1
  printf 'machine freeswitch.signalwire.com login signalwire password %s\n' "$token" >/etc/apt/auth.conf.d/freeswitch.conf
  curl -fsS -m 60 --netrc-file /etc/apt/auth.conf.d/freeswitch.conf -o "$ring" "${repository}signalwire-freeswitch-repo.gpg" || return 1
  chmod 644 "$ring"
  printf 'deb [signed-by=%s] %s bookworm main\n' "$ring" "$repository" >/etc/apt/sources.list.d/freeswitch.list
  chmod 644 /etc/apt/sources.list.d/freeswitch.list
}

freeswitch_packages='freeswitch freeswitch-mod-callcenter freeswitch-mod-commands freeswitch-mod-conference freeswitch-mod-dialplan-xml
  freeswitch-mod-dptools freeswitch-mod-event-socket freeswitch-mod-hash freeswitch-mod-json-cdr freeswitch-mod-local-stream
  freeswitch-mod-logfile freeswitch-mod-native-file freeswitch-mod-opus freeswitch-mod-rtc freeswitch-mod-say-en freeswitch-mod-sndfile
  freeswitch-mod-sofia freeswitch-mod-tone-stream freeswitch-mod-voicemail freeswitch-mod-xml-curl freeswitch-sounds-en-us-callie freeswitch-systemd'
kamailio_packages='kamailio kamailio-extra-modules kamailio-json-modules kamailio-utils-modules kamailio-tls-modules kamailio-websocket-modules
  kamailio-sqlite-modules kamailio-presence-modules kamailio-outbound-modules'

# shellcheck disable=SC2086  # lists of words
install_engine() {
  ! command -v "$engine" >/dev/null || return 0
  case $engine:$(setting engine-setup) in
    freeswitch:image) give_up "the image has no FreeSWITCH: choose one that has it, or EngineSetup signalwire" ;;
    freeswitch:*) add_signalwire && apt update && apt install -y --no-install-recommends $freeswitch_packages ;;
    # the host's own unit starts it, on the agent's configuration; the package's would take the ports first
    *) apt update && apt install -y --no-install-recommends $kamailio_packages && systemctl disable --now kamailio ;;
  esac
}

# Asks the control plane: method, path, and a body if there is one.
api() {
  api_method=$1
  api_path=$2
  shift 2
  key=$(secret "$(setting api-key-secret)") || return 1
  printf 'Authorization: Bearer %s\n' "$key" >"$state/authorization"
  curl -fsS -g -m 30 -X "$api_method" -H "@$state/authorization" -H 'Content-Type: application/json' "$@" --url "$control$api_path"
}

# This host's id in the control plane. What is not there is no word.
find_edge() {
  api GET /v1/edges >"$state/edges" || return 1
  jq -re --arg name "$name" 'first(.data[] | select(.name == $name)) | .id' "$state/edges" >"$state/edge"
}

# What the installer does not ask for, and leaves as it is in the agent's settings.
write_environment() {
  [ ! -e /etc/dialplane/edge.env ] || return 0
  sip_name=$(setting sip-name)
  case $sip_name in *[!A-Za-z0-9.-]*) give_up "the DNS name of the Kamailio hosts is none" ;; esac
  mkdir -p /etc/dialplane
  {
    printf 'FRONT_ADDRESS=%s\n' "$inside"
    if [ "$(setting tls)" = yes ] || [ "$(setting wss)" = yes ]; then
      printf 'KAMAILIO_TLS_PORT=5061\nKAMAILIO_WSS_PORT=%d\n' "$(setting wss-port)"
      [ -z "$sip_name" ] || printf 'WSS_URL=wss://%s:%d\n' "$sip_name" "$(setting wss-port)"
    fi
  } >/etc/dialplane/edge.env
}

enrol() {
  ! find_edge || systemctl is-active --quiet dialplane-edge || rm -f "$state/edge"
  [ ! -s "$state/edge" ] || return 0
  jq -n --arg pool "$(setting pool)" 'if $pool == "" then {} else {poolId: $pool} end' >"$state/body"
  api POST /v1/edges --data-binary "@$state/body" >"$state/token" || return 1
  token=$(jq -re .token "$state/token") || return 1
  rm -f "$state/token"
  curl -fsS -g -m 60 -o "$state/install" --url "$control/install" || return 1
  write_environment
  sh "$state/install" "$token" --engine "$engine" --name "$name" --address "$inside" --external-address "$address" && find_edge
}

is_in_step() {
  api GET "/v1/edges/$(cat "$state/edge")" >"$state/shown" &&
    jq -e '.state == "up" and .health.engine.connected' "$state/shown" >/dev/null
}

learn() {
  region=$(metadata placement/region) && instance=$(metadata instance-id) && inside=$(metadata local-ipv4) || return 1
  export AWS_DEFAULT_REGION="$region"
}

become_host() {
  deadline=$(($(date +%s) + $(setting patience-seconds)))
  mkdir -p "$state"
  patiently "Tools" install_tools
  patiently "The instance's metadata" learn
  name="$engine-$instance"
  if [ -e "$state/in-service" ]; then
    return 0
  fi
  install_session_manager
  patiently "A fixed address" take_address
  patiently "The engine" install_engine
  patiently "Joining the pool" enrol
  patiently "Being in step" is_in_step
  tell CONTINUE SUCCESS
  : >"$state/in-service"
}

# How many calls are on this host, as the control plane heard it last: by that its group grows. A host that is drained is none of the group's any more.
tell_calls() {
  [ "$engine" = freeswitch ] || return 0
  now=$(date +%s)
  [ "$now" -ge "${told_at:-0}" ] || return 0
  told_at=$((now + $(setting metric-seconds)))
  if is_in_step && calls=$(jq -re '.health.liveCalls | numbers' "$state/shown"); then
    aws cloudwatch put-metric-data --namespace "$(setting metric-namespace)" --metric-name LiveCalls --unit Count \
      --dimensions "Fleet=$fleet" --value "$calls" || say "its calls are not told"
  fi
}

beat() {
  aws autoscaling record-lifecycle-action-heartbeat --auto-scaling-group-name "$fleet" --instance-id "$instance" \
    --lifecycle-hook-name "$(setting hook-drained)" || true
}

is_drained() {
  if [ ! -e "$state/draining" ]; then
    api POST "/v1/edges/$edge/drain" >"$state/draining" || { rm -f "$state/draining" && return 1; }
  fi
  api GET "/v1/edges/$edge" >"$state/shown" && jq -e '.drain.state == "drained" and .drain.callsLeft == 0' "$state/shown" >/dev/null
}

# What waits to be fetched from here: recordings, and records of calls.
is_emptied() {
  [ -z "$(find /var/lib/dialplane-edge -type f \( -path '*/recordings/*' -o -path '*/cdr/*' \) 2>/dev/null | head -n 1)" ]
}

# No new calls; those that are here may end, and what was recorded goes up. Then the edge is taken out of its pool.
leave() {
  edge=$(cat "$state/edge")
  deadline=$(($(date +%s) + 60 * $(setting drain-minutes)))
  say "this host is to go: it is drained"
  until is_drained && is_emptied; do
    beat
    if [ "$(date +%s)" -ge "$deadline" ]; then
      say "it is not drained after $(setting drain-minutes) minutes, and goes all the same"
      break
    fi
    pause
  done
  # registrations that end are told within 45 seconds
  sleep "$(setting settle-seconds)"
  systemctl stop dialplane-edge || true
  api DELETE "/v1/edges/$edge" || { pause && api DELETE "/v1/edges/$edge"; } || say "the pool still has $edge: take it out with DELETE /v1/edges/$edge"
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name "$fleet" --instance-id "$instance" \
    --lifecycle-hook-name "$(setting hook-drained)" --lifecycle-action-result CONTINUE
}

engine=$(setting engine)
fleet=$(setting fleet)
control=$(setting control-url)
control=${control%/}
become_host
say "in service"
until [ "$(metadata autoscaling/target-lifecycle-state)" = Terminated ]; do
  tell_calls
  pause
done
leave
say "gone"
