# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What a bare Debian 12 or 13 needs before anything can be built: packages and
# a kernel source. Sourced after step.sh and apt.sh; the setup_ functions are
# run as steps. Nothing here asks a question, and nothing is done twice.
#
# KSRC=DIR in the environment takes another kernel source than Debian's.

EXTMEM_KERNEL=6.12

if [ "${KSRC:-}" ]; then
	KSRC_DIR=$(realpath -m -- "$KSRC")
	KSRC_NAME=${KSRC_DIR##*/}-$(cksum <<<"$KSRC_DIR" | cut -d' ' -f1)
else
	KSRC_DIR=$EXTMEM_CACHE/src/linux-$EXTMEM_KERNEL
	KSRC_NAME=linux-$EXTMEM_KERNEL
fi
FARM_DIR=$EXTMEM_CACHE/farm/$KSRC_NAME
export KSRC_DIR FARM_DIR

# setup_space MEGABYTES WHAT [DIR]: is there room for it?
setup_space()
{
	local need=$1 what=$2 dir=${3:-$EXTMEM_CACHE} free

	while [ ! -d "$dir" ]; do
		dir=$(dirname "$dir")
	done
	free=$(($(df -Pk "$dir" | awk 'NR == 2 { print $4 }') / 1024))
	[ "$free" -ge "$need" ] ||
		die "$what needs $need MB of disk space in $dir, and $free MB are free"
}

# setup_list GROUP...: the packages of each group, one a line; ?NAME is one that
# not every release of Debian has.
setup_list()
{
	local group

	for group in "$@"; do
		case $group in
		base)	# a kernel build by kunit.py, and a guest's device tree and files
			echo bc bison ca-certificates ccache cpio device-tree-compiler e2fsprogs file \
			     flex gcc kmod libc6-dev libelf-dev libssl-dev make perl python3 \
			     rsync xz-utils ;;
		um)	;;
		tools)	# the command, and what tests it
			echo gcc libc6-dev libfdt-dev libjson-c-dev make mandoc python3-jsonschema util-linux zsh ;;
		arm64)	echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm qemu-utils ;;
		arm)	echo gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-system-arm ;;
		riscv*)	echo gcc-riscv64-linux-gnu libc6-dev-riscv64-cross qemu-system-misc opensbi
			echo '?qemu-system-riscv' ;;
		x86_64)	echo gcc libc6-dev qemu-system-x86 seabios ;;
		powerpc64)	echo gcc-powerpc64-linux-gnu qemu-system-ppc ;;
		style)	# documentation and the kernel's checkers; spatch does not run
			# without Python's library, and its package does not ask for it
			echo coccinelle libpython3-dev ocaml python3-jsonschema python3-libfdt python3-ply \
			     python3-ruamel.yaml python3-sphinx python3-yaml sparse yamllint
			echo '?dt-schema' ;;
		packaging)	# Debian packages, what looks at them, and patches
			echo build-essential debhelper dh-dkms dkms dpkg-dev git lintian pkgconf ;;
		*)	die "no package group $group" ;;
		esac
	done | tr -s ' ' '\n' | sort -u
}

# setup_missing GROUP...: those of them that are not installed.
setup_missing()
{
	local packages installed package

	mapfile -t packages < <(setup_list "$@")
	# shellcheck disable=SC2016 # dpkg-query's dollars
	installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]#\?}" 2>/dev/null) || true
	for package in "${packages[@]}"; do
		! grep -qxF "installed ${package#\?}" <<<"$installed" || continue
		if [ "$package" = "${package#\?}" ]; then
			echo "$package"
		else
			apt-cache pkgnames "${package#\?}" | grep -x "${package#\?}" || true
		fi
	done
}

# setup_root CMD...
setup_root()
{
	if [ "$(id -u)" = 0 ]; then
		DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

setup_apt()
{
	setup_root apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 \
		-o Dpkg::Use-Pty=0 "$@"
}

setup_unpack()
{
	setup_root dpkg --configure -a
	setup_apt install -y --no-install-recommends "$@"
}

setup_packages_locked()
{
	local missing log=$EXTMEM_LOGS/apt.log why

	mapfile -t missing < <(setup_missing "$@")
	if [ ${#missing[@]} = 0 ]; then
		echo "everything is installed"
		return 0
	fi
	echo "to be installed: ${missing[*]}"
	[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null ||
		die "not root, and sudo does not work without a password: as root, run apt-get install -y --no-install-recommends ${missing[*]}"
	setup_space 2000 "installing packages" /usr
	setup_space 700 "fetching packages" /var/cache/apt

	setup_apt update >"$log" 2>&1 || true
	cat "$log"
	# The lists may only now tell which packages this release has.
	mapfile -t missing < <(setup_missing "$@")
	if ! setup_apt install -y --no-install-recommends --download-only "${missing[@]}" >"$log" 2>&1; then
		cat "$log"
		why=$(grep -m1 '^E: ' "$log" || echo "E: apt-get failed")
		die "cannot fetch Debian's packages: no network? ${why#E: }"
	fi
	critical "the installation of packages" setup_unpack "${missing[@]}"
}

# setup_packages GROUP...: base, architectures, style, tools and packaging.
setup_packages()
{
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
		die "this is no Debian (apt-get is missing): Debian 12 or 13 is needed"
	with_lock packages setup_packages_locked "$@"
	setup_tools "$@"
}

# A package that is installed can still lack its tool: say so now, not in the
# middle of a build.
setup_tools()
{
	local group tool tools=()

	for group in "$@"; do
		case $group in
		base)	tools+=(make gcc flex bison bc perl python3 cpio ccache dtc fdtoverlay rsync xz flock) ;;
		arm64)	tools+=(aarch64-linux-gnu-gcc qemu-img qemu-system-aarch64) ;;
		arm)	tools+=(arm-linux-gnueabihf-gcc qemu-system-arm) ;;
		riscv*)	tools+=(riscv64-linux-gnu-gcc qemu-system-riscv64) ;;
		x86_64)	tools+=(qemu-system-x86_64) ;;
		powerpc64)	tools+=(powerpc64-linux-gnu-gcc qemu-system-ppc64) ;;
		style)	tools+=(sparse spatch sphinx-build) ;;
		packaging)	tools+=(dkms dpkg-buildpackage git lintian pkg-config) ;;
		esac
	done
	for tool in "${tools[@]}"; do
		command -v "$tool" >/dev/null || die "$tool is missing, though its package is installed: reinstall it, or mend PATH"
	done
}

setup_source_locked()
{
	local package=linux-source-$EXTMEM_KERNEL tmp=$EXTMEM_CACHE/src/.tmp archive

	[ ! -d "$KSRC_DIR" ] || return 0
	setup_space 2200 "the kernel source"
	mkdir -p "$EXTMEM_CACHE/src"
	rm -rf "$tmp"
	mkdir "$tmp"
	archive=/usr/src/$package.tar.xz
	if [ ! -r "$archive" ]; then
		apt_private_fetch "$(dpkg --print-architecture)" "$package" "$tmp/deb"
		archive=$tmp/deb$archive
	fi
	mkdir "$tmp/tree"
	tar -C "$tmp/tree" --strip-components=1 -xf "$archive" ||
		die "cannot unpack $archive: no space left, or a broken download"
	mv "$tmp/tree" "$KSRC_DIR"
	rm -rf "$tmp"
}

# A pristine kernel source in KSRC_DIR.
setup_source()
{
	if [ "${KSRC:-}" ]; then
		[ -f "$KSRC_DIR/tools/testing/kunit/kunit.py" ] ||
			die "KSRC=$KSRC is no Linux source with KUnit (no tools/testing/kunit/kunit.py there)"
		[ ! -e "$KSRC_DIR/.config" ] && [ ! -d "$KSRC_DIR/include/config" ] ||
			die "KSRC=$KSRC has been built in place: run make mrproper there, or name another tree"
	else
		with_lock source setup_source_locked
	fi
	echo "kernel source: $KSRC_DIR, $(make -s -C "$KSRC_DIR" kernelversion)"
}

# Programs that another checkout has built: they may be newer than the sources of this one, and
# what they are made of may be gone.
setup_checkout()
{
	local build=$EXTMEM_CACHE/build

	[ "$(cat "$EXTMEM_CACHE/checkout" 2>/dev/null)" != "$EXTMEM_TOP" ] || return 0
	rm -rf "$EXTMEM_CACHE/docs" "$build"/{tools,board,rules,fuzz} "$build"/{command,guest}-*
	mkdir -p "$EXTMEM_CACHE"
	echo "$EXTMEM_TOP" >"$EXTMEM_CACHE/checkout"
}

# Huge pages for all, as Debian has them, until the script ends: in a virtual machine a fault
# can take ten times as long, and a compiler has thirty thousand for one object.
setup_huge_pages()
{
	local file=/sys/kernel/mm/transparent_hugepage/enabled before

	before=$(sed -n 's/.*\[\(.*\)\].*/\1/p' "$file" 2>/dev/null) || return 0
	[ "$before" != always ] && echo always 2>/dev/null >"$file" || return 0
	# shellcheck disable=SC2016 # for the shell that it is run by
	on_exit sh -c 'echo "$1" >"$2"' sh "$before" "$file"
	echo "transparent huge pages: always (they were $before)"
}

# The farm in FARM_DIR: the kernel source with extmem in it.
setup_graft_locked()
{
	setup_checkout
	mkdir -p "$EXTMEM_CACHE/farm"
	"$EXTMEM_TOP/scripts/graft" "$KSRC_DIR" --into "$FARM_DIR"
}

setup_graft()
{
	with_lock "farm-$KSRC_NAME" setup_graft_locked
}
