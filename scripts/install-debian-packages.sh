#!/bin/sh
# Installs the Debian packages named as arguments, as root, without starting or enabling any of their services.
set -eu

policy=/usr/sbin/policy-rc.d
mark='# written by registry-doctor for the time of one installation'

# invoke-rc.d(8) asks this file before it starts a service. 101 means "not allowed". A foreign file is left alone.
if [ ! -e "$policy" ] || grep -qxF "$mark" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\n%s\nexit 101\n' "$mark" > "$policy"
  chmod 0755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
apt() {
  apt-get -y -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# The package lists of a fresh machine or image are empty or old: update before giving up.
apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; }

# They must not start with the machine either.
for package in "$@"; do
  case $package in
    openssh-server) update-rc.d ssh disable ;;
    docker-registry) update-rc.d docker-registry disable ;;
    prometheus) update-rc.d prometheus disable ;;
    prometheus-alertmanager) update-rc.d prometheus-alertmanager disable ;;
  esac
done
