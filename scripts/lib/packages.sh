# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The Debian packages, built and looked at in the cache. Sourced after step.sh, apt.sh,
# setup.sh, kernel.sh, ktap.sh and headers.sh.
#
#	packages_build DEST	the packages of packaging/debian, into DEST
#	packages_lint DEST	fails if lintian has anything to say of them
#	packages_test		builds them, and tests what has come out; KTAP

# packages_copy DIR: what the packages are made of. A package build writes into its tree.
packages_copy()
{
	local objects=(o ko mod mod.c cmd a order symvers)

	mkdir -p "$1"
	(
		cd "$EXTMEM_TOP"
		rsync -aR --delete "${objects[@]/#/--exclude=*.}" COPYING Kbuild bindings drivers include \
			Documentation/ABI Documentation/admin-guide Documentation/userspace-api packaging \
			tools/extmem tools/include tools/lib "$1/"
	)
	rsync -a --delete "$EXTMEM_TOP/packaging/debian/" "$1/debian/"
}

packages_build_locked()
{
	local dest=$1 work=$EXTMEM_CACHE/build/packages

	setup_space 200 "the packages"
	mkdir -p "$dest"
	rm -rf "$work"
	packages_copy "$work/extmem"
	(
		cd "$work/extmem"
		# Only ours: what is set for a kernel build changes a package.
		unset CFLAGS LDFLAGS KAFLAGS
		nice dpkg-buildpackage -us -uc -b
	)
	rm -f "$dest"/*extmem*_*.{deb,changes,buildinfo}
	mv "$work"/*.{deb,changes,buildinfo} "$dest/"
}

packages_build()
{
	with_lock debian-packages packages_build_locked "$1"
}

# packages_lint DEST: hints and pedantry, too.
packages_lint()
{
	local log

	log=$(nice lintian --allow-root --display-info --pedantic "$1"/extmem_*.changes 2>&1) || log+=$'\n'"exit status $?"
	[ ! "$log" ] || { echo "$log"; return 1; }
}

# packages_files DEST: PACKAGE FILE of each, but for what debhelper puts into each.
packages_files()
{
	local deb package

	for deb in "$1"/*.deb; do
		package=$(basename "$deb")
		package=${package%%_*}
		[[ $package != *-dbgsym ]] || continue
		dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n "s,^\.\(/.*[^/]\)$,$package \1,p"
	done | grep -vE '/doc/[^/]+/(changelog\.gz|copyright)$'
}

# packages_listed DEST: what packaging/contents lacks or has too much.
packages_listed()
{
	local triplet files package pattern file patterns=() found status=0

	triplet=$(dpkg-architecture -q DEB_HOST_MULTIARCH)
	files=$(packages_files "$1")
	while read -r package pattern; do
		patterns+=("$package ${pattern/TRIPLET/$triplet}")
	done < <(grep -v '^#' "$EXTMEM_TOP/packaging/contents")
	while read -r file; do
		found=
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $file != $pattern ]] || found=y
		done
		[ "$found" ] || { echo "packaging/contents lacks: $file"; status=1; }
	done <<<"$files"
	for pattern in "${patterns[@]}"; do
		found=
		while read -r file; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ $file != $pattern ]] || { found=y; break; }
		done <<<"$files"
		[ "$found" ] || { echo "no package has: $pattern"; status=1; }
	done
	return $status
}

# packages_sources ROOT: extmem-dkms has every file that the modules are made of, as it is in
# the tree, and dkms.conf alone beside them.
packages_sources()
{
	local source

	source=$(echo "$1"/usr/src/extmem-*)
	diff -r "$EXTMEM_TOP/drivers/extmem" "$source/drivers/extmem" -x '*.o' -x '*.cmd' -x '*.ko' \
		-x '*.mod' -x '*.mod.c' -x '*.order' &&
	diff -r "$EXTMEM_TOP/include" "$source/include" &&
	diff <(printf '%s\n' Kbuild dkms.conf drivers include) <(LC_ALL=C ls "$source")
}

# packages_dkms_version ROOT
packages_dkms_version()
{
	sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$1"/usr/src/extmem-*/dkms.conf
}

# packages_version DEST ROOT: one version in all that has one.
packages_version()
{
	local root=$2 version file said status=0

	version=$(dpkg-parsechangelog -l "$EXTMEM_TOP/packaging/debian/changelog" -S Version)
	for file in "$1"/*.deb; do
		said=$(dpkg-deb -f "$file" Version)
		[ "$said" = "$version" ] || { echo "$file: $said, and not $version"; status=1; }
	done
	said=$("$root/usr/bin/extmem" --version)
	[ "$said" = "extmem ${version%-*}" ] || { echo "extmem --version: $said, and not $version"; status=1; }
	said=$(packages_dkms_version "$root")
	[ "$said" = "${version%-*}" ] || { echo "dkms.conf: $said, and not $version"; status=1; }
	return $status
}

# packages_program ROOT: a program that is compiled with what libextmem-dev says, and loads
# libextmem1.
packages_program()
{
	local root=$1 flags libraries said

	flags=$(PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$(echo "$root"/usr/lib/*/pkgconfig) \
		pkg-config --cflags --libs libextmem)
	cat >"$root/program.c" <<-'C'
		#include <stdio.h>
		#include <libextmem.h>

		int main(void)
		{
			struct extmem_context *context = extmem_new_at("/nowhere", "/nowhere");

			printf("%s %d\n", extmem_version(), extmem_scan(context) < 0);
			extmem_free(context);
			return EXTMEM_MMIO;
		}
	C
	# shellcheck disable=SC2086 # a list
	gcc -Wall -Werror -o "$root/program" "$root/program.c" $flags
	libraries=$(echo "$root"/usr/lib/*/libextmem.so.1)
	said=$(LD_LIBRARY_PATH=${libraries%/*} "$root/program")
	[[ $said =~ ^[0-9.]+\ 1$ ]] || { echo "the program says: $said"; return 1; }
	grep -q 'NEEDED.*libextmem\.so\.1\]' <<<"$(readelf -d "$root/program")" || { echo "it does not need libextmem.so.1"; return 1; }
}

# packages_dkms ROOT SET: DKMS itself, in folders of its own, against the headers of the set.
# It signs modules where it can: by a key that goes with ROOT.
packages_dkms()
{
	local root=$1 set=$2 kdir kernel dir=$1/dkms-$2 version log modules name

	headers_get "$set"
	kdir=$(realpath "$(headers_dir "$set")")
	kernel=${kdir##*/linux-headers-}
	version=$(packages_dkms_version "$root")
	mkdir -p "$dir"
	for log in add build; do
		(
			kernel_env
			unset KAFLAGS
			export PATH=/usr/lib/ccache:$PATH mok_signing_key=$root/mok.key mok_certificate=$root/mok.pub
			nice dkms "$log" "extmem/$version" --dkmstree "$dir" --sourcetree "$root/usr/src" -k "$kernel" \
				-a "$(uname -m)" --kernelsourcedir "$kdir" --no-depmod
		) || { cat "$dir/extmem/$version"/build/make.log 2>/dev/null; return 1; }
	done
	log=$(cat "$dir/extmem/$version/$kernel"/*/log/make.log)
	! grep -E 'warning|error:' <<<"$log" || return 1
	for name in extmem extmem-ioremap extmem-memremap extmem-cma extmem-sim; do
		modules=("$dir/extmem/$version/$kernel"/*/module/"$name".ko*)
		[ -e "${modules[0]}" ] || { echo "no $name.ko for $kernel"; return 1; }
		[[ $(modinfo -F vermagic "${modules[0]}") == "$kernel "* ]] ||
			{ echo "$name.ko is for another kernel"; return 1; }
	done
}

packages_sets()
{
	printf '%s\n' "${HEADERS_SETS[@]}" | grep -- "-$(dpkg --print-architecture)\$"
}

packages_test_locked()
(
	set -e
	# Always the same, or ccache would not know the modules again.
	dest=$EXTMEM_CACHE/build/packages-test
	root=$dest/root
	rm -rf "$dest"
	mapfile -t sets < <(packages_sets)
	echo "KTAP version 1"
	echo "1..$((6 + ${#sets[@]}))"
	ktap_result 1 "dpkg-buildpackage" packages_build_locked "$dest"
	compgen -G "$dest/extmem_*.changes" >/dev/null || { echo "Bail out! no packages"; exit; }
	ktap_result 2 "lintian" packages_lint "$dest"
	ktap_result 3 "contents as listed" packages_listed "$dest"
	for deb in "$dest"/*.deb; do
		dpkg-deb -x "$deb" "$root"
	done
	ktap_result 4 "extmem-dkms has what the tree has" packages_sources "$root"
	ktap_result 5 "one version" packages_version "$dest" "$root"
	ktap_result 6 "a program with libextmem" packages_program "$root"
	n=6
	for set in "${sets[@]}"; do
		n=$((n + 1))
		ktap_result $n "DKMS on $set" packages_dkms "$root" "$set"
	done
)

packages_test()
{
	with_lock debian-packages packages_test_locked
}
