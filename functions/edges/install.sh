#!/bin/sh
# Installs Dialplane's edge agent on this host and joins it to the control plane that this script came from.
# It installs no FreeSWITCH and no Kamailio; what it replaces stays beside it as *.dialplane-backup-<time>. It can be run again.
set -eu

# nothing is done before the last line, so a download that was cut does nothing
control=@CONTROL@
packages=@PACKAGES@
root=${DIALPLANE_ROOT:-}
env_file=$root/etc/dialplane/edge.env
state=$root/var/lib/dialplane-edge
kept=$root/var/lib/dialplane
replaced=$kept/replaced
patience=${DIALPLANE_PATIENCE:-90}

say() { printf '%s\n' "$*"; }

fail() {
  printf 'dialplane: %s\n' "$*" >&2
  exit 1
}

usage() {
  say "usage: sh -s -- TOKEN [options]
  --engine freeswitch|kamailio   where both are installed
  --address A                    this host's address, which phones reach
  --external-address A           what NAT makes of it
  --name NAME                    instead of the host's own
  --dry-run                      say what would be done, and do nothing
  --uninstall                    remove the agent and put back what was replaced; its data stay"
}

# Does it, or says it.
act() {
  if [ "$dry" = yes ]; then say "would run: $*"; else "$@"; fi
}

parse() {
  token='' engine='' address='' external='' name='' dry=no uninstall=no
  while [ $# -gt 0 ]; do
    case $1 in
      --engine | --address | --external-address | --name)
        if [ $# -lt 2 ]; then fail "$1 needs a value"; fi
        case $1 in
          --engine) engine=$2 ;;
          --address) address=$2 ;;
          --external-address) external=$2 ;;
          --name) name=$2 ;;
        esac
        shift
        ;;
      --dry-run) dry=yes ;;
      --uninstall) uninstall=yes ;;
      --help) usage; exit 0 ;;
      -*) usage >&2; fail "$1 is not known" ;;
      *)
        if [ -n "$token" ]; then fail "one token is enough: what follows it must begin with --"; fi
        token=$1
        ;;
    esac
    shift
  done
  case $engine in '' | freeswitch | kamailio) ;; *) fail "--engine is freeswitch or kamailio" ;; esac
  case $address$external in *[!0-9A-Fa-f.:]*) fail "--address and --external-address are IP addresses" ;; esac
  case $name in *[!0-9A-Za-z._-]*) fail "--name has letters, digits, dots, hyphens and underscores" ;; esac
  if [ "$uninstall" = yes ]; then return; fi
  case $token in
    dpj_*[!0-9A-Za-z_-]*) fail "the token is not whole; copy the line again" ;;
    dpj_?*) ;;
    *) usage >&2; fail "a token is needed: the console or POST /v1/edges gives the whole line" ;;
  esac
}

# Who is not root goes on as root, where he may.
become_root() {
  if [ "$(id -u)" = 0 ]; then return; fi
  if ! command -v sudo >/dev/null; then fail "this needs root, and there is no sudo here: become root, then paste the line again"; fi
  say "This needs root; sudo may ask for your password."
  curl -fsSL "$control/install" | sudo sh -s -- "$@"
  exit
}

check_host() {
  if ! command -v dpkg >/dev/null; then fail "this is no Debian: the agent comes as a package for Debian 12, Ubuntu 22.04 and later"; fi
  if ! command -v systemctl >/dev/null || [ ! -d "$root/run/systemd/system" ]; then fail "systemd does not run here; the agent is one of its units"; fi
}

choose_package() {
  arch=$(dpkg --print-architecture)
  chosen=$(printf '%s\n' "$packages" | grep "^$arch " || true)
  if [ -z "$chosen" ]; then
    fail "the control plane has no package of the agent for $arch: whoever runs it makes one with npm run build:edge and, in the cloud, brings it there with npm run deploy"
  fi
  version=$(say "$chosen" | cut -d ' ' -f 2)
  sum=$(say "$chosen" | cut -d ' ' -f 3)
  file=$(say "$chosen" | cut -d ' ' -f 4)
}

# The first of them that is there.
program() {
  wanted=$1
  shift
  for folder; do
    if [ -x "$root$folder/$wanted" ]; then say "$folder/$wanted"; return; fi
  done
}

how_to_get() {
  case $1 in
    freeswitch) say "FreeSWITCH: its vendor's packages, freeswitch-meta-vanilla or what you need of them:
  https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Installation/Linux/Debian_67240088/" ;;
    kamailio) say "Kamailio: apt-get install kamailio kamailio-extra-modules kamailio-json-modules kamailio-utils-modules kamailio-tls-modules kamailio-websocket-modules kamailio-sqlite-modules kamailio-presence-modules kamailio-outbound-modules
  or the packages of https://deb.kamailio.org" ;;
  esac
}

choose_engine() {
  freeswitch=$(program freeswitch /usr/bin /usr/local/bin /usr/local/freeswitch/bin /opt/freeswitch/bin)
  kamailio=$(program kamailio /usr/sbin /usr/local/sbin)
  if [ -n "$(program asterisk /usr/sbin /usr/local/sbin)" ]; then say "Asterisk is installed here; this release does not drive it and leaves it alone."; fi
  if [ -z "$engine" ]; then
    if [ -n "$freeswitch" ] && [ -n "$kamailio" ]; then fail "FreeSWITCH and Kamailio are both here, and an edge is one engine: add --engine freeswitch or --engine kamailio"; fi
    if [ -n "$freeswitch" ]; then engine=freeswitch; elif [ -n "$kamailio" ]; then engine=kamailio; fi
  fi
  case $engine in
    freeswitch) found=$freeswitch ;;
    kamailio) found=$kamailio ;;
    *) found='' ;;
  esac
  if [ -z "$found" ]; then
    say "${engine:-An engine} is missing on this host, and nothing was changed. Install it first, then paste the line again." >&2
    if [ -z "$engine" ] || [ "$engine" = freeswitch ]; then how_to_get freeswitch >&2; fi
    if [ -z "$engine" ] || [ "$engine" = kamailio ]; then how_to_get kamailio >&2; fi
    exit 3
  fi
  case $engine in
    freeswitch) said=$("$root$found" -version 2>/dev/null | head -n 1 || true) ;;
    kamailio) said=$("$root$found" -v 2>/dev/null | head -n 1 || true) ;;
  esac
  say "Engine    ${said:-$engine} ($found)"
}

choose_address() {
  if [ -z "$address" ]; then address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p'); fi
  if [ -z "$address" ]; then fail "this host's address is not known: add --address"; fi
  say "Address   $address${external:+, outside $external}"
}

# A host is one edge of one control plane.
check_joined() {
  joined=$(sed -n 's/.*"controlUrl":"\([^"]*\)".*/\1/p' "$state/identity.json" 2>/dev/null || true)
  if [ -n "$joined" ] && [ "$joined" != "$control" ]; then
    fail "this host belongs to $joined; remove the agent there first: sh -s -- --uninstall, then dpkg --purge dialplane-edge"
  fi
}

fetch() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  say "Package   $file"
  # the token is not for the list of processes
  printf 'header = "Authorization: Bearer %s"\n' "$token" | curl -fsSL --config - -o "$work/$file" "$control/install/$file" ||
    fail "$file could not be fetched from $control: is the token older than a day? Make a new one in the console or with POST /v1/edges"
  got=$(sha256sum "$work/$file" | cut -d ' ' -f 1)
  if [ "$got" != "$sum" ]; then fail "$file is not what the control plane said it is: its SHA-256 is $got, not $sum"; fi
}

note() {
  mkdir -p "$kept"
  chmod 0700 "$kept"
  if ! grep -Fqx "$*" "$replaced" 2>/dev/null; then say "$*" >>"$replaced"; fi
}

aside() {
  if [ ! -e "$root$1" ]; then return; fi
  say "Aside     $1 → $1.dialplane-backup-$now"
  if [ "$dry" = yes ]; then return; fi
  note file "$1" "$1.dialplane-backup-$now"
  mv "$root$1" "$root$1.dialplane-backup-$now"
}

# What is not ours in the settings stays.
settings() {
  said=$(printf '%s' "$control" | sed 's/[\\"]/\\&/g')
  password=$(sed -n 's/^ESL_PASSWORD=//p' "$env_file" 2>/dev/null | head -n 1)
  if [ -z "$password" ]; then password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n'); fi
  say "CONTROL_URL=\"$said\"
ENGINE=$engine
SIP_ADDRESS=$address"
  if [ -n "$external" ]; then say "EXTERNAL_ADDRESS=$external"; fi
  if [ -n "$name" ]; then say "EDGE_NAME=$name"; fi
  if [ "$engine" = freeswitch ]; then
    say "ESL_PASSWORD=$password"
    sounds=$(find "$root/usr/share/freeswitch/sounds/en/us" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort | head -n 1)
    if [ -n "$sounds" ] && ! grep -q '^SOUNDS_DIR=' "$env_file" 2>/dev/null; then say "SOUNDS_DIR=${sounds#"$root"}"; fi
  fi
  # TLS, and WSS beside it; the certificate comes by itself
  if [ "$engine" = kamailio ] && ! grep -q '^KAMAILIO_TLS_PORT=' "$env_file" 2>/dev/null; then say "KAMAILIO_TLS_PORT=5061"; fi
  if [ -e "$env_file" ]; then
    ours='CONTROL_URL|JOIN_TOKEN|ENGINE|SIP_ADDRESS|ESL_PASSWORD'
    if [ -n "$external" ]; then ours="$ours|EXTERNAL_ADDRESS"; fi
    if [ -n "$name" ]; then ours="$ours|EDGE_NAME"; fi
    grep -Ev "^($ours)=" "$env_file" || true
  fi
}

write_settings() {
  settings >"$work/edge.env"
  if ! cmp -s "$work/edge.env" "$env_file"; then
    if [ -e "$env_file" ]; then
      say "Aside     /etc/dialplane/edge.env → /etc/dialplane/edge.env.dialplane-backup-$now"
      cp -p "$env_file" "$env_file.dialplane-backup-$now"
    fi
  fi
  say "JOIN_TOKEN=$token" >>"$work/edge.env"
  install -m 0640 -g dialplane-edge "$work/edge.env" "$env_file"
}

forget_token() { sed -i '/^JOIN_TOKEN=/d' "$env_file"; }

# Modules that the configuration loads and the engine lacks.
missing_modules() {
  conf=$root/usr/lib/dialplane/edge/conf
  if [ "$engine" = freeswitch ]; then
    wanted=$(sed -n 's/.*<load module="\([a-z_0-9]*\)".*/\1/p' "$conf/freeswitch.xml")
    places="${found%/bin/freeswitch}/lib/freeswitch/mod ${found%/bin/freeswitch}/mod /usr/lib/freeswitch/mod"
    sign=mod_commands
  else
    wanted=$(sed -n 's/^loadmodule "\([a-z_0-9]*\)\.so".*/\1/p' "$conf/kamailio.cfg")
    places="/usr/lib/x86_64-linux-gnu/kamailio/modules /usr/lib/aarch64-linux-gnu/kamailio/modules /usr/lib64/kamailio/modules /usr/local/lib64/kamailio/modules"
    sign=tm
  fi
  for place in $places; do
    if [ -e "$root$place/$sign.so" ]; then
      for module in $wanted; do
        if [ ! -e "$root$place/$module.so" ]; then say "$module"; fi
      done
      return
    fi
  done
}

stop_vendors_unit() {
  if systemctl is-enabled --quiet "$engine.service" 2>/dev/null || systemctl is-active --quiet "$engine.service" 2>/dev/null; then
    say "Unit      $engine.service is stopped; dialplane-$engine.service runs $engine from now on. /etc/$engine stays as it is."
    if [ "$dry" = no ]; then note unit "$engine.service"; fi
    act systemctl disable --now "$engine.service"
  fi
}

wait_until_in_step() {
  waited=0
  until grep -q "\"version\":\"$version\"" "$state/status.json" 2>/dev/null; do
    if [ "$waited" -ge "$patience" ]; then
      journalctl -u dialplane-edge -n 20 -o cat --no-pager >&2 2>/dev/null || true
      fail "the agent is not in step with $control after $patience s; its log says why (journalctl -u dialplane-edge), and the line can be pasted again"
    fi
    sleep 1
    waited=$((waited + 1))
  done
  edge=$(sed -n 's/.*"edge":"\([^"]*\)".*/\1/p' "$state/status.json")
}

open_ports() {
  case $engine in
    freeswitch) say "SIP on 5060 and 5080 (UDP, TCP), WebSocket on 7443 (TCP), voice on 16384 to 32767 (UDP)" ;;
    kamailio) say "SIP on 5060 (UDP, TCP) and 5061 (TLS), WebSocket on 7443 (TCP), and rtpengine's ports for voice (UDP)" ;;
  esac
}

put_back() {
  if dpkg --status dialplane-edge >/dev/null 2>&1; then act dpkg --remove dialplane-edge; fi
  if [ -e "$replaced" ]; then
    while read -r what first second; do
      case $what in
        file) act mv "$root$second" "$root$first" ;;
        unit) act systemctl enable --now "$first" ;;
      esac
    done <"$replaced"
    act rm "$replaced"
  fi
  say "The agent is removed. Its key, messages and recordings are still in /var/lib/dialplane-edge: dpkg --purge dialplane-edge deletes them for good."
}

main() {
  umask 077
  parse "$@"
  become_root "$@"
  now=$(date -u +%Y%m%dT%H%M%SZ)
  if [ "$uninstall" = yes ]; then
    put_back
    return
  fi
  check_host
  choose_package
  choose_engine
  choose_address
  check_joined
  # units of the days before there was a package would stand in front of its own
  for leftover in dialplane-edge.socket dialplane-edge.service dialplane-kamailio.service freeswitch.service.d/10-dialplane.conf; do
    aside "/etc/systemd/system/$leftover"
  done
  if [ "$dry" = yes ]; then
    say "would fetch and install $file, write /etc/dialplane/edge.env and join $control"
    stop_vendors_unit
    return
  fi
  fetch
  if command -v apt-get >/dev/null; then
    apt-get install -y -qq --no-install-recommends --allow-downgrades "$work/$file" || fail "apt-get can't install $file; what it says above is to be mended"
  else
    dpkg --install "$work/$file" || fail "dpkg can't install $file; what it says above is to be mended"
  fi
  mkdir -p "$kept"
  cp "$work/$file" "$kept/current.deb"
  lacking=$(missing_modules | tr '\n' ' ')
  if [ -n "$lacking" ]; then
    say "$engine lacks modules: $lacking" >&2
    how_to_get "$engine" >&2
    fail "the agent is installed and not started; install these, then paste the line again"
  fi
  write_settings
  systemctl daemon-reload
  systemctl enable dialplane-edge.socket dialplane-edge.service dialplane-upgrade.path
  systemctl start dialplane-edge.socket dialplane-upgrade.path
  systemctl restart dialplane-edge.service
  wait_until_in_step
  forget_token
  stop_vendors_unit
  systemctl enable --now "dialplane-$engine.service"
  say "Joined    $control as $edge, release $version; it is in step.
Open to phones: $(open_ports), of $address.
Next: dialplane edges (or the console) shows this host; journalctl -u dialplane-edge -u dialplane-$engine shows what it does. Settings: /etc/dialplane/edge.env."
}

{ main "$@"; exit; }
