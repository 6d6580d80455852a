# SPDX-License-Identifier: BSD-3-Clause
# Sourced by ./quickstart and ./test in the top folder: installs what is missing, builds in ./build.

sdi_missing_packages() {
	grep -v '^#' debian-packages.txt | while read -r package; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
	done
}

sdi_install_packages() {
	command -v apt-get >/dev/null || { echo "no apt-get here: please see to the packages of debian-packages.txt yourself" >&2; return 0; }
	sdi_packages=$(sdi_missing_packages)
	[ -n "$sdi_packages" ] || return 0
	sdi_sudo=
	[ "$(id -u)" = 0 ] || sdi_sudo=sudo
	echo "Installing Debian packages: $sdi_packages"
	$sdi_sudo apt-get update -qq
	# shellcheck disable=SC2086 # one word per package
	DEBIAN_FRONTEND=noninteractive $sdi_sudo apt-get install -y -qq --no-install-recommends $sdi_packages >/dev/null
}

# SDI_CONFIGURE: further words for configure.
sdi_build() {
	[ -x configure ] || autoreconf -i >/dev/null
	mkdir -p build
	# shellcheck disable=SC2086 # words
	[ -f build/Makefile ] || (cd build && ../configure --quiet ${SDI_CONFIGURE:-} >configure.log)
	make -C build -s -j"$(nproc)" all
}
