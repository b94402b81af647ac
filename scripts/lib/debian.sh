# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests that run Debian's own arm64 kernels, with a root of Debian's packages, in which ours
# have been installed. Sourced after step.sh, apt.sh, setup.sh, kernel.sh, guest.sh, headers.sh
# and packages.sh.
#
#	DEBIAN_TESTS				what there is to run, after "packages"
#	debian_test VERSION packages		build ours, install them in a guest; KTAP
#	debian_test VERSION TEST		in that guest, booted again: a test of DEBIAN_TESTS
#
# A guest has two disks, each of which is made once: the root, which is what Debian calls
# essential and DEBIAN_PACKAGES, and the kernel's package. Both are unpacked by dpkg and
# entered into its database; none of their scripts has run, for that takes a CPU of that
# architecture, and minutes where it is emulated. Our packages are installed by dpkg in the
# guest, but for the modules: DKMS would take minutes there, too, so they are built here, of
# extmem-dkms and with the headers that it would build with, and put where it would put them.

DEBIAN_DIR=$EXTMEM_CACHE/debian
DEBIAN_BOARD=qemu-arm64
# usr-is-merged: else apt takes usrmerge, which brings Perl.
DEBIAN_PACKAGES=(bash-completion kmod libfdt1 libjson-c5 systemd udev usr-is-merged)
# Without which a guest does not see its disks.
DEBIAN_EARLY=(virtio_mmio virtio_blk ext4)
# What else the tests need: a supply's driver, and who takes buffers and does O_DIRECT.
DEBIAN_MODULES=(brd fixed fuse vgem)
# What writes to a guest's disks.
DEBIAN_SCRIPTS=(tools/testing/guest/packages.sh)
# shellcheck disable=SC2034 # for scripts/check
DEBIAN_VERSIONS=(6.12 6.1)
# shellcheck disable=SC2034
DEBIAN_TESTS=(installed facts selftests command bad many power unbind slowpage inside nobody programs zerocopy)

# debian_sbin CMD...: one of /usr/sbin, too.
debian_sbin()
{
	PATH=$PATH:/usr/sbin:/sbin "$@"
}

# debian_disk DIR FILE: a disk with what is in DIR, and room for more.
debian_disk()
{
	local dir=$1 file=$2 size

	size=$(($(du -sm "$dir" | cut -f1) * 5 / 4 + 96))
	debian_sbin mke2fs -q -t ext4 -d "$dir" -E root_owner=0:0 "$file" "${size}M" >&2
}

# --- the root ---

# debian_enter ROOT DEB...: unpack them, and have dpkg know that it has them.
debian_enter()
{
	local root=$1 deb package list
	shift

	mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers} "$root"/usr/{bin,sbin,lib}
	ln -s usr/bin usr/sbin usr/lib "$root"
	for deb in "$@"; do
		dpkg-deb --fsys-tarfile "$deb" | tar -C "$root" -xp --keep-directory-symlink
		package=$(dpkg-deb -f "$deb" Package)
		[ "$(dpkg-deb -f "$deb" Multi-Arch)" != same ] || package+=:$(dpkg-deb -f "$deb" Architecture)
		list=$root/var/lib/dpkg/info/$package.list
		dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -e 's,^\./*,/,; s,/$,,; s,^$,/.,' >"$list"
		dpkg-deb -f "$deb" | sed '/^Package:/a Status: install ok installed' >>"$root/var/lib/dpkg/status"
		echo >>"$root/var/lib/dpkg/status"
	done
}

debian_root_locked()
(
	set -e
	file=$1
	[ ! -e "$file" ] || exit 0
	setup_space 1500 "Debian's root for guests"
	suite=$(apt_suite arm64)
	tmp=$(mktemp -d "$DEBIAN_DIR/root.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	packages=$(apt_private_closure arm64 '?essential' "${DEBIAN_PACKAGES[@]}")
	mkdir "$tmp/debs" "$tmp/root"
	apt_private_download arm64 "$packages" "$tmp/debs" "$suite"
	debian_enter "$tmp/root" "$tmp"/debs/*.deb
	# What the scripts of base-passwd and base-files would have made.
	cp "$tmp/root/usr/share/base-passwd/passwd.master" "$tmp/root/etc/passwd"
	cp "$tmp/root/usr/share/base-passwd/group.master" "$tmp/root/etc/group"
	mkdir -p "$tmp/root"/{dev,proc,sys,run,tmp,boot,kernel,guest}
	debian_disk "$tmp/root" "$tmp/disk"
	rm -f "$DEBIAN_DIR"/root-*.disk
	mv "$tmp/disk" "$file"
)

# debian_root: prints the disk.
debian_root()
{
	local key file

	key=$( { apt_suite arm64; echo "${DEBIAN_PACKAGES[*]}"; declare -f debian_enter debian_root_locked; } |
		sha256sum | cut -c1-16)
	file=$DEBIAN_DIR/root-$key.disk
	with_lock debian-root debian_root_locked "$file" >&2
	echo "$file"
}

# --- the kernel ---

# debian_modules_of ROOT RELEASE NAME...: their files and those of what they need, one a line;
# nothing of what is built in.
debian_modules_of()
{
	local root=$1 release=$2 name
	shift 2

	for name in "$@"; do
		debian_sbin modprobe -d "$root" -S "$release" --show-depends "$name"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# debian_prune ROOT RELEASE: leave the modules that a guest needs. Of all that there are, depmod
# in an emulated machine makes its lists in minutes.
debian_prune()
{
	local root=$1 release=$2 file

	debian_modules_of "$root" "$release" "${DEBIAN_EARLY[@]}" "${DEBIAN_MODULES[@]}" |
		sed 's,.*/lib/modules/,,' >"$root/kept"
	(
		cd "$root/lib/modules"
		find "$release" -name '*.ko*' | grep -vxFf "$root/kept" | xargs rm -f
	)
	rm "$root/kept"
	debian_sbin depmod -b "$root" "$release"
}

# debian_initramfs ROOT RELEASE FILE: an archive with the modules of DEBIAN_EARLY.
debian_initramfs()
(
	set -e
	root=$1 release=$2 file=$3
	tmp=$(mktemp -d "$DEBIAN_DIR/initramfs.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp/modules"
	debian_modules_of "$root" "$release" "${DEBIAN_EARLY[@]}" >"$tmp/list"
	while read -r path; do
		name=${path##*/}
		case $name in
		*.xz)	name=${name%.xz}; xz -dc "$path" >"$tmp/modules/$name" ;;
		*)	cp "$path" "$tmp/modules/$name" ;;
		esac
		echo "$name" >>"$tmp/modules/order"
	done <"$tmp/list"
	cd "$tmp"
	find modules | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 >"$file"
)

# debian_release VERSION: the release of Debian's kernel whose headers we have.
debian_release()
{
	local kdir

	kdir=$(realpath "$(headers_dir "$1-arm64")")
	echo "${kdir##*/linux-headers-}"
}

# The kernel and its headers must be of one release, of which the archive has only the newest.
debian_kernel_fetch()
{
	local version=$1 dest=$2

	headers_get "$version-arm64"
	if ! ( apt_private_fetch arm64 "linux-image-$(debian_release "$version")" "$dest" "$(headers_suite "$version")" ); then
		rm -rf "$EXTMEM_CACHE/headers/$version-arm64"
		headers_get "$version-arm64"
		apt_private_fetch arm64 "linux-image-$(debian_release "$version")" "$dest" "$(headers_suite "$version")"
	fi
}

debian_kernel_locked()
(
	set -e
	version=$1 dir=$2
	[ ! -e "$dir/disk" ] || exit 0
	setup_space 1500 "Debian's kernel $version"
	tmp=$(mktemp -d "$DEBIAN_DIR/kernel.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	debian_kernel_fetch "$version" "$tmp/root"
	release=$(debian_release "$version")
	mkdir "$tmp/kernel"
	cp "$tmp/root/boot/vmlinuz-$release" "$tmp/kernel/vmlinuz"
	cp "$tmp/root/boot/config-$release" "$tmp/kernel/config"
	# Debian 13 has /lib/modules below /usr.
	[ ! -d "$tmp/root/usr/lib/modules" ] || mv "$tmp/root/usr/lib" "$tmp/root/lib"
	debian_sbin depmod -b "$tmp/root" "$release"
	debian_prune "$tmp/root" "$release"
	debian_initramfs "$tmp/root" "$release" "$tmp/kernel/modules.cpio"
	debian_disk "$tmp/root" "$tmp/kernel/disk"
	rm -rf "$DEBIAN_DIR/kernel-$version-"*
	mv "$tmp/kernel" "$dir"
)

# debian_kernel VERSION: prints the folder with vmlinuz, config, modules.cpio, disk.
debian_kernel()
{
	local dir

	dir=$DEBIAN_DIR/kernel-$1-$( { echo "${DEBIAN_EARLY[*]} ${DEBIAN_MODULES[*]}"
		declare -f debian_kernel_locked debian_prune; } | sha256sum | cut -c1-16)
	with_lock "debian-kernel-$1" debian_kernel_locked "$1" "$dir" >&2
	echo "$dir"
}

# --- our packages ---

# debian_key FILE...: of these, of what the packages are made of, and of how it is done.
debian_key()
{
	(
		cd "$EXTMEM_TOP"
		git ls-files -co --exclude-standard drivers include packaging bindings Documentation/ABI \
			Documentation/admin-guide Documentation/userspace-api tools/extmem tools/lib \
			tools/include Kbuild "$@" | LC_ALL=C sort -u |
			while read -r file; do [ ! -f "$file" ] || sha256sum "$file"; done
		apt_suite arm64
		# The disks below a guest's are made of these.
		echo "${DEBIAN_PACKAGES[*]} ${DEBIAN_EARLY[*]} ${DEBIAN_MODULES[*]}"
		declare -f debian_ours_locked debian_modules debian_enter debian_root_locked debian_prune \
			debian_kernel_locked
	) | sha256sum | cut -c1-16
}

# debian_ours: our packages, built for arm64 where that has not been done: prints the folder.
debian_ours_locked()
(
	set -e
	dest=$1 work=$DEBIAN_DIR/packages libraries=$DEBIAN_DIR/libraries
	[ ! -d "$dest" ] || exit 0
	if [ ! -d "$libraries" ]; then
		rm -rf "$libraries.tmp"
		apt_private_fetch arm64 "libjson-c-dev libjson-c5 libfdt-dev libfdt1" "$libraries.tmp"
		mv "$libraries.tmp" "$libraries"
	fi
	rm -rf "$work"
	packages_copy "$work/extmem"
	# dpkg knows whose a library is that is installed, which these are not.
	printf '%s\n' 'libjson-c 5 libjson-c5' 'libfdt 1 libfdt1' 'libc 6 libc6' 'ld-linux-aarch64 1 libc6' \
		>"$work/extmem/debian/shlibs.local"
	cd "$work/extmem"
	unset CFLAGS LDFLAGS KAFLAGS
	export DEB_CPPFLAGS_APPEND="-idirafter $libraries/usr/include"
	export DEB_LDFLAGS_APPEND="-L$libraries/usr/lib/aarch64-linux-gnu"
	export LD_LIBRARY_PATH=$libraries/usr/lib/aarch64-linux-gnu:/usr/aarch64-linux-gnu/lib
	dpkg-buildpackage -us -uc -b -aarm64 -d -Pcross
	rm -rf "$DEBIAN_DIR"/ours-*
	mkdir "$dest.tmp"
	mv "$work"/*.deb "$dest.tmp/"
	mv "$dest.tmp" "$dest"
)

debian_ours()
{
	local dir

	dir=$DEBIAN_DIR/ours-$(debian_key)
	with_lock debian-packages debian_ours_locked "$dir" >&2
	echo "$dir"
}

# debian_modules VERSION DEB DEST: the modules, of what extmem-dkms has, into DEST.
debian_modules()
(
	set -e
	version=$1 deb=$2 dest=$3 work=$EXTMEM_CACHE/build/debian-$1
	kernel_env
	unset KAFLAGS
	mkdir -p "$work" "$dest"
	rm -rf "$work/root"
	dpkg-deb -x "$deb" "$work/root"
	rsync -rlpc --delete --exclude='*.o' --exclude='*.ko' --exclude='*.mod' --exclude='*.mod.c' --exclude='*.cmd' \
		--exclude=modules.order --exclude=Module.symvers "$work"/root/usr/src/extmem-*/ "$work/source/"
	make -C "$(headers_dir "$version-arm64")" M="$work/source" ARCH=arm64 \
		CROSS_COMPILE="$(kernel_cross arm64)" CC="ccache $(kernel_cross arm64)gcc" -j"$(nproc)" modules
	find "$work/source" -name '*.ko' -exec cp -t "$dest" {} +
	# As DKMS does.
	"$(kernel_cross arm64)strip" -g "$dest"/*.ko
)

# --- a guest ---

# debian_qemu: add the disks in GUEST_DEBIAN to GUEST_QEMU. What a guest writes is lost at its
# end, but for the one that installs.
debian_qemu()
{
	local disk how=snapshot=on

	[ -z "${GUEST_DEBIAN_WRITE:-}" ] || how=cache=unsafe
	for disk in root kernel; do
		GUEST_QEMU+=(-drive "file=$GUEST_DEBIAN/$disk,if=none,format=qcow2,id=$disk,$how"
			-device "virtio-blk-device,drive=$disk,serial=$disk")
	done
}

# debian_boot DTB TESTS [NAME=FILE...]
debian_boot()
{
	local dtb=$1 tests=$2
	shift 2

	guest_boot_and_show "$DEBIAN_BOARD" "$dtb" "$tests" "$@"
}

# debian_install VERSION: a folder with the disks of a guest that has our packages; KTAP of
# what became of them
debian_install_locked()
(
	set -e
	version=$1 dir=$DEBIAN_DIR/installed-$1
	root=$(debian_root)
	kernel=$(debian_kernel "$version")
	tmp=$(mktemp -d "$DEBIAN_DIR/install.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	ours=$(debian_ours)
	debian_modules "$version" "$(echo "$ours"/extmem-dkms_*.deb)" "$tmp/modules" >&2
	mkdir "$tmp/guest"
	cp "$kernel"/{vmlinuz,modules.cpio,config} "$tmp/guest/"
	qemu-img create -q -f qcow2 -b "$root" -F raw "$tmp/guest/root"
	qemu-img create -q -f qcow2 -b "$kernel/disk" -F raw "$tmp/guest/kernel"
	files=()
	for file in "$ours"/{libextmem1,extmem-tools,extmem-dkms}_*.deb "$tmp"/modules/*.ko; do
		files+=("${file##*/}=$file")
	done
	# shellcheck disable=SC2034 # guest.sh reads them
	GUEST_DEBIAN=$tmp/guest GUEST_DEBIAN_WRITE=y
	debian_boot "$(guest_tree "$DEBIAN_BOARD")" packages "${files[@]}" | tee "$tmp/log"
	rm -rf "$dir"
	mv "$tmp/guest" "$dir"
	grep -aq 'not ok ' "$tmp/log" || debian_key "${DEBIAN_SCRIPTS[@]}" >"$dir/key"
)

debian_is_installed()
{
	[ "$(debian_key "${DEBIAN_SCRIPTS[@]}")" = "$(cat "$DEBIAN_DIR/installed-$1/key" 2>/dev/null)" ]
}

# Have such a folder, of what the tree has now.
debian_installed_locked()
{
	local log=$DEBIAN_DIR/installed-$1.log

	! debian_is_installed "$1" || return 0
	# Not in an `if` or before `||`, where bash would switch errexit off in it.
	echo "our packages are installed first: $log"
	debian_install_locked "$1" >"$log" 2>&1
	! grep -a 'not ok ' "$log" || die "our packages could not be installed: see $log"
}

debian_test()
(
	set -e
	version=$1 test=$2
	mkdir -p "$DEBIAN_DIR"
	if [ "$test" = packages ]; then
		with_lock "debian-$version" debian_install_locked "$version"
		exit
	fi
	# Others may be running in what there is.
	debian_is_installed "$version" || with_lock "debian-$version" debian_installed_locked "$version" >&2
	# shellcheck disable=SC2034 # guest.sh reads it
	GUEST_DEBIAN=$DEBIAN_DIR/installed-$version
	# Without it, the one region whose pages it makes takes no O_DIRECT.
	# shellcheck disable=SC2034 # zerocopy.sh reads it
	grep -q '^CONFIG_ZONE_DEVICE=y' "$GUEST_DEBIAN/config" || ZEROCOPY_FILES=5
	with_lock_shared "debian-$version" debian_run "$test"
)

# What our own kernel runs in some way runs here in the same; a little of what takes long.
debian_run()
{
	case $1 in
	installed)	debian_boot "$(guest_tree "$DEBIAN_BOARD" "$EXTMEM_TOP/tools/testing/guest/selftests.dtso")" installed ;;
	facts)		guest_test "$DEBIAN_BOARD" ;;
	selftests)	guest_selftests "$DEBIAN_BOARD" ;;
	command)	guest_command_test "$DEBIAN_BOARD" ;;
	many | bad | power | inside | nobody | programs | zerocopy)
			"guest_$1" "$DEBIAN_BOARD" ;;
	unbind)		guest_stress "$DEBIAN_BOARD" unbind cycles=200 ;;
	slowpage)	guest_stress "$DEBIAN_BOARD" slowpage ;;
	esac
}
