# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian's packaged kernel headers, unpacked into the cache and not installed: installing them
# would pull a kernel image, and those of another architecture cannot be installed at all.
#
# Sourced after step.sh and apt.sh.

# The header sets that modules of ours must build against.
HEADERS_SETS=(6.12-amd64 6.1-amd64 6.12-arm64 6.1-arm64)

# headers_dir SET: what KDIR= takes, once headers_get has been there.
headers_dir()
{
	echo "$EXTMEM_CACHE/headers/$1/kdir"
}

# headers_package SUITE VERSION ARCH: the headers package of that kernel line, by way of the two
# names that releases have given to the meta-package.
headers_package()
{
	local suite=$1 version=$2 arch=$3 meta package

	for meta in linux-headers-"$version"-"$arch" linux-headers-"$arch"; do
		package=$(apt_private_depends "$suite" "$arch" "$meta" 'linux-headers-[0-9].*') || continue
		[[ $package != linux-headers-"$version".* ]] || { echo "$package"; return; }
	done
	return 1
}

# The kernel's build tools come for this host's CPU and C library: kernels that the host's release
# does not have are taken from an older one.
headers_suite()
{
	case $1:$(apt_host_suite) in
	6.1:*)		echo bookworm ;;
	6.12:bookworm)	echo bookworm ;;
	*)		echo trixie ;;
	esac
}

headers_get_locked()
{
	local set=$1 version=${1%-*} arch=${1##*-} host suite package tmp common kbuild kdir top compiler

	top=$EXTMEM_CACHE/headers/$set
	[[ ! -e $top/kdir/Makefile ]] || return 0
	tmp=$top.tmp
	rm -rf "$tmp"
	mkdir -p "$tmp"

	host=$(dpkg --print-architecture)
	suite=$(headers_suite "$version")
	apt_private_update "$suite" "$arch"
	apt_private_update "$suite" "$host"
	package=$(headers_package "$suite" "$version" "$arch") ||
		die "no headers of Linux $version for $arch in $suite"
	common=$(apt_private_depends "$suite" "$arch" "$package" 'linux-headers-.*-common')
	kbuild=$(apt_private_depends "$suite" "$arch" "$package" 'linux-kbuild-.*')
	apt_private_fetch "$arch" "$package" "$tmp" "$suite"
	apt_private_fetch "$arch" "$common" "$tmp" "$suite"
	apt_private_fetch "$host" "$kbuild" "$tmp" "$suite"

	# The one include line leads to where the package would be installed.
	kdir=$tmp/usr/src/$package
	echo "include $top/usr/src/$common/Makefile" >"$kdir/Makefile"
	# It asks for its release's own compiler, which this host need not have.
	compiler=$(grep -oEm1 'gcc-[0-9]+$' "$kdir/.kernelvariables") || compiler=
	[[ ! $compiler ]] || command -v "$compiler" >/dev/null ||
		sed -i "s/$compiler\$/gcc/" "$kdir/.kernelvariables"
	# BTF of a module needs pahole, and is nothing that these builds look at.
	sed -i '/^CONFIG_DEBUG_INFO_BTF_MODULES=/d' "$kdir/include/config/auto.conf"
	ln -s "usr/src/$package" "$tmp/kdir"
	rm -rf "$top"
	mv "$tmp" "$top"
}

# headers_get SET: have it unpacked; a set is <version>-<architecture>.
headers_get()
{
	mkdir -p "$EXTMEM_CACHE/headers"
	with_lock "headers-$1" headers_get_locked "$1"
}
