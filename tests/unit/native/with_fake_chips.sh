#!/bin/sh
# Runs the given command with two fake hwmon chips and nothing else in /sys/class. libsensors only reads /sys and requires a
# real sysfs, so a folder is mounted over that part, in a mount namespace of its own.
# Exits with 77, which ctest reports as "skipped", if a namespace is not available, as in most containers.
set -eu
fake=$(mktemp -d)
trap 'rm -rf "$fake"' EXIT

chip() {
  folder=$fake/hwmon/$1
  mkdir -p "$folder"
  shift
  for attribute; do echo "${attribute#*=}" >"$folder/${attribute%%=*}"; done
}
chip hwmon0 name=coretemp 'temp1_label=Core 0' temp1_input=45000 temp1_max=80000 temp1_crit=100000
chip hwmon1 name=board in0_input=1020 in0_max=1740 fan1_input=1208 temp2_input=35500 temp3_input=0 temp3_fault=1 \
  power1_input=18250000 curr1_input=2500 humidity1_input=40500

# Without root, the command runs as root of a user namespace. /sys itself stays unchanged.
if ! unshare --map-root-user --mount mount --bind "$fake" /sys/class 2>/dev/null; then
  echo "skipped: mount namespaces are not available"
  exit 77
fi
# shellcheck disable=SC2016  # the inner shell expands the parameters
unshare --map-root-user --mount sh -c 'mount --bind "$0" /sys/class && exec "$@"' "$fake" "$@"
