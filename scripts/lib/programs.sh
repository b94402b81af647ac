# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Debian's own programs for the guests, as their packages have them: an archive that
# is an initramfs by itself and comes before the guest's own. Sourced after step.sh,
# apt.sh, setup.sh, kernel.sh and guest.sh.
#
#	programs_archive ARCH	of that architecture of Debian's: prints the file
#	guest_programs BOARD	as guest_test, with tools/testing/guest/programs.sh
#
# fio alone asks for a hundred packages. What is kept is the programs and the libraries
# that the dynamic linker will look for, no more: the guest has it all in its memory.

PROGRAMS_PACKAGES=(bsdextrautils coreutils diffutils fio memtester pv tar trace-cmd util-linux)
PROGRAMS=(cat cmp cp dd fio flock head hexdump memtester pv sha256sum tar tee trace-cmd)

# programs_index ROOT: NAME PATH of each library below it, and of each program.
programs_index()
{
	(
		cd "$1"
		find . \( -path '*/bin/*' -o -path '*/sbin/*' -o -name '*.so' -o -name '*.so.*' \) \
			! -type d -printf '%f %P\n'
	)
}

# programs_needs FILE: the libraries that it names, and its dynamic linker.
programs_needs()
{
	readelf -W -d -l "$1" | sed -n -e 's/.*(NEEDED).*\[\(.*\)\]$/\1/p' \
		-e 's/.*program interpreter: .*\/\(.*\)\]$/\1/p'
}

# programs_pick ROOT DEST: copy PROGRAMS and what they need. Debian 12 has some of it
# below / and Debian 13 has it all below /usr; here it is all below /usr.
programs_pick()
{
	local root=$1 dest=$2 name path to wanted=("${PROGRAMS[@]}")
	local -A paths=() taken=()

	while read -r name path; do
		paths[$name]=$path
	done < <(programs_index "$root")
	while [ ${#wanted[@]} -gt 0 ]; do
		name=${wanted[0]}
		wanted=("${wanted[@]:1}")
		[ ! "${taken[$name]:-}" ] || continue
		taken[$name]=y
		path=${paths[$name]:-}
		[ "$path" ] || die "$name is in none of the packages that ${PROGRAMS_PACKAGES[*]} depend on"
		to=$dest/usr/${path#usr/}
		to=${to/usr\/sbin/usr\/bin}
		mkdir -p "${to%/*}"
		cp -L "$root/$path" "$to"
		mapfile -t -O ${#wanted[@]} wanted < <(programs_needs "$to")
	done
	# Where programs name their dynamic linker.
	ln -s usr/lib "$dest/lib"
	for path in "$dest"/usr/lib/*/ld-linux*; do
		[ ! -e "$path" ] || ln -sf "${path#"$dest/usr/lib/"}" "$dest/usr/lib/${path##*/}"
	done
}

programs_make()
(
	set -e
	arch=$1 file=$2
	[ ! -e "$file" ] || exit 0
	setup_space 700 "Debian's programs for the guests of $arch"
	tmp=$(mktemp -d "$GUEST_DIR/programs.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	# Scripts' languages and the means to install are not needed to run programs.
	packages=$(apt_private_closure "$arch" "${PROGRAMS_PACKAGES[@]}" |
		grep -xE "z?lib.*|$(IFS='|'; echo "${PROGRAMS_PACKAGES[*]}")" | grep -vE 'perl|python')
	apt_private_fetch "$arch" "$packages" "$tmp/root"
	mkdir "$tmp/archive"
	programs_pick "$tmp/root" "$tmp/archive"
	cd "$tmp/archive"
	find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 >"$tmp/cpio"
	rm -f "$GUEST_DIR/programs-$arch-"*
	mv "$tmp/cpio" "$file"
)

# programs_archive ARCH: not compressed, for unpacking takes the guest longer than
# reading does.
programs_archive()
{
	local key file

	mkdir -p "$GUEST_DIR"
	key=$( { apt_suite "$1"; cat "$EXTMEM_TOP/scripts/lib/programs.sh"; } | sha256sum | cut -c1-16)
	file=$GUEST_DIR/programs-$1-$key.cpio
	with_lock "programs-$1" programs_make "$1" "$file" >&2
	echo "$file"
}

guest_programs()
(
	set -e
	guest_board "$1"
	# shellcheck disable=SC2034 # guest_initramfs reads it
	GUEST_UNDER=$(programs_archive "$BOARD_DEBIAN_ARCH")
	tree=$(guest_tree "$1")
	guest_boot_and_show "$1" "$tree" programs
)
