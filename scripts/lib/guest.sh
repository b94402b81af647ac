# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Guests: a board of configs/boards/ booted with the kernel that KUnit runs on,
# the board's device tree and an initramfs of busybox and tools/testing/guest/.
# Sourced after step.sh, apt.sh, setup.sh and kernel.sh.
#
#	guest_boards				the boards there are
#	guest_tree BOARD [DTSO...]		its device tree: prints the file
#	guest_initramfs BOARD OUT [NAME=FILE...]	FILE becomes /guest/NAME in it
#	guest_run BOARD LOG DTB INITRD [ARG...]	boot, wait for the end
#	guest_test BOARD [NAME=VALUE...]	all of that; the log, with KTAP, on stdout
#	guest_many BOARD [COUNT]		as guest_test, with 1,024 regions more
#	guest_bad BOARD				as guest_test, with nodes to be refused
#	guest_power BOARD			as guest_test, with memory that is switched
#	guest_stress BOARD TEST [NAME=VALUE...]	a program that tries to hurt the kernel
#	guest_inside BOARD			events and the summary, of what a program does
#	guest_nobody BOARD			what a user without rights can do
#	guest_lockdown BOARD LEVEL		a kernel that does not trust root
#	guest_engine				a DMA engine, on a machine that has one
#	guest_modules BOARD [TEST [DTSO]]	loading and unloading; GUEST_VARIANT=modules
#	guest_loadnth BOARD			allocations fail meanwhile; GUEST_VARIANT=modules
#	guest_samples BOARD			the modules of samples/; GUEST_VARIANT=modules
#
# GUEST_GCOV is set where a guest must give the counters of gcov, too (coverage.sh).
# GUEST_TIMEOUT is the longest that a guest may run, in seconds; GUEST_VARIANT is the
# variant of the kernel that it runs; GUEST_UNDER is a cpio archive, not compressed, that
# its initramfs has, too. GUEST_CPUS is how many CPUs it has, if not one. GUEST_DEBIAN is a
# folder of debian.sh: the guest is Debian's then.

# shellcheck source=scripts/lib/guest-log.sh
. "$EXTMEM_TOP/scripts/lib/guest-log.sh"

GUEST_BOARDS=$EXTMEM_TOP/configs/boards
GUEST_DIR=$EXTMEM_CACHE/guest
GUEST_ROM=$GUEST_DIR/rom.img
GUEST_QEMU=()

guest_boards()
{
	local dir

	for dir in "$GUEST_BOARDS"/*/; do
		basename "$dir"
	done
}

# guest_board BOARD: set BOARD_* from its board.sh.
guest_board()
{
	BOARD=$1
	BOARD_DIR=$GUEST_BOARDS/$1
	BOARD_TREE='' BOARD_TREE_AT='' BOARD_MEMORY='' BOARD_SPARE='' BOARD_TERABYTE='' BOARD_INTERRUPT='' BOARD_OVERLAYS=() BOARD_CMDLINE=() BOARD_QEMU=()
	[ -r "$BOARD_DIR/board.sh" ] ||
		die "there is no board '$1'; there are: $(guest_boards | tr '\n' ' ')"
	mkdir -p "$GUEST_DIR"
	if [ ! -e "$GUEST_ROM" ]; then
		yes 'extmem: this is the board'\''s ROM.' | head -c 1M >"$GUEST_ROM.$$" || true
		truncate -s 64M "$GUEST_ROM.$$"
		mv "$GUEST_ROM.$$" "$GUEST_ROM"
	fi
	# shellcheck source=/dev/null
	. "$BOARD_DIR/board.sh"
	# KCSAN watches with interrupts off: one CPU alone races with nobody.
	[ "${GUEST_VARIANT:-}" != kcsan ] || GUEST_CPUS=2
	[ ! "${GUEST_CPUS:-}" ] || [ ${#BOARD_QEMU[@]} = 0 ] || BOARD_QEMU+=(-smp "$GUEST_CPUS")
}

# The tree before the overlays: the machine's own, or one that the board has.
# -nodefaults: a network card would ask for a boot ROM, which Debian only recommends.
guest_base_tree()
{
	local said

	if [ "$BOARD_TREE" ]; then
		dtc -q -I dts -O dtb -o "$1" "$BOARD_DIR/$BOARD_TREE"
	else
		said=$("${BOARD_QEMU[@]}" -nodefaults -display none -machine "dumpdtb=$1" 2>&1) ||
			die "${BOARD_QEMU[0]} cannot dump the device tree of $BOARD: $said"
	fi
}

# guest_tree BOARD [DTSO...]: the overlays named come on top of the board's own.
guest_tree()
(
	set -e
	guest_board "$1"
	shift
	overlays=()
	for file in "${BOARD_OVERLAYS[@]}"; do
		overlays+=("$BOARD_DIR/$file")
	done
	overlays+=("$@")
	key=$( {
		echo "$BOARD ${BOARD_QEMU[*]}"
		[ ${#BOARD_QEMU[@]} = 0 ] || "${BOARD_QEMU[0]}" --version
		cat "${overlays[@]}" ${BOARD_TREE:+"$BOARD_DIR/$BOARD_TREE"}
	} | sha256sum | cut -c1-16)
	dtb=$GUEST_DIR/$BOARD-$key.dtb
	if [ ! -e "$dtb" ]; then
		tmp=$(mktemp -d "$GUEST_DIR/tree.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		guest_base_tree "$tmp/base.dtb"
		i=0
		for file in "${overlays[@]}"; do
			i=$((i + 1))
			dtc -q -@ -I dts -O dtb -o "$tmp/$i.dtbo" "$file" || die "dtc refuses $file"
			mv "$tmp/base.dtb" "$tmp/under.dtb"
			fdtoverlay -i "$tmp/under.dtb" -o "$tmp/base.dtb" "$tmp/$i.dtbo" >&2 ||
				die "$file does not fit the tree of $BOARD"
		done
		mv "$tmp/base.dtb" "$dtb"
		find "$GUEST_DIR" -maxdepth 1 -name '*.dtb' -mtime +30 -delete
	fi
	echo "$dtb"
)

# guest_busybox: a static one for the board's architecture.
guest_busybox()
(
	set -e
	file=$GUEST_DIR/busybox-$BOARD_DEBIAN_ARCH
	if [ ! -x "$file" ]; then
		tmp=$(mktemp -d "$GUEST_DIR/busybox.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		apt_private_fetch "$BOARD_DEBIAN_ARCH" busybox-static "$tmp" >&2
		# Debian 13 has merged /bin into /usr/bin.
		mv "$(find "$tmp" -name busybox -type f -path '*bin/*' -print -quit)" "$file"
	fi
	echo "$file"
)

# guest_initramfs BOARD OUT [NAME=FILE...]: FILE becomes /guest/NAME in it.
guest_initramfs()
(
	set -e
	guest_board "$1"
	out=$2
	shift 2
	busybox=$(guest_busybox)
	tmp=$(mktemp -d "$GUEST_DIR/initramfs.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir "$tmp"/{bin,dev,proc,sys,tmp,root,guest}
	cp "$busybox" "$tmp/bin/busybox"
	cp "$EXTMEM_TOP"/tools/testing/guest/*.sh "$BOARD_DIR/expected" "$tmp/guest/"
	for file in "$@"; do
		cp "${file#*=}" "$tmp/guest/${file%%=*}"
	done
	mv "$tmp/guest/${GUEST_DEBIAN:+debian-}init.sh" "$tmp/init"
	chmod 755 "$tmp/init"
	cd "$tmp"
	{
		[ -z "${GUEST_DEBIAN:-}" ] || cat "$GUEST_DEBIAN/modules.cpio"
		[ -z "${GUEST_UNDER:-}" ] || cat "$GUEST_UNDER"
		find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 | gzip -1
	} >"$out"
)

# guest_command BOARD DTB INITRD [ARG...]: GUEST_COMMAND, which boots the board.
guest_command()
{
	local dtb=$2 initrd=$3 image args GUEST_KERNEL

	guest_board "$1"
	shift 3
	if [ "${GUEST_DEBIAN:-}" ]; then
		image=$GUEST_DEBIAN/vmlinuz
		debian_qemu
	else
		image=$(kernel_image "$BOARD_ARCH" ${GUEST_VARIANT:+"$GUEST_VARIANT"})
	fi
	[ -e "$image" ] || die "no kernel for $BOARD: $image is missing"
	# After an oops nothing that a test says is worth waiting for.
	mapfile -t args < <(kernel_args "$BOARD_ARCH" "${GUEST_VARIANT:-}")
	args+=(${BOARD_MEMORY:+"$BOARD_MEMORY"} "${BOARD_CMDLINE[@]}" kunit.enable=0 oops=panic panic=-1 printk.devkmsg=on "$@")
	if [ ${#BOARD_QEMU[@]} = 0 ]; then
		guest_um_runs_programs || die "no guest: $GUEST_UM_REASON"
		# Address randomisation would move the memory about.
		GUEST_COMMAND=(setarch "$(uname -m)" -R "$image" "dtb=$dtb" "initrd=$initrd" "${args[@]}")
	else
		guest_kernel_and_tree "$image" "$dtb"
		GUEST_COMMAND=("${BOARD_QEMU[@]}" "${GUEST_QEMU[@]}" -nodefaults -no-reboot -display none
			-monitor none -serial stdio "${GUEST_KERNEL[@]}" -initrd "$initrd" -append "${args[*]}")
	fi
}

# guest_kernel_and_tree IMAGE DTB: GUEST_KERNEL, QEMU's arguments for them.
#
# Behind a PC's kernel, where -dtb puts the tree, the kernel unpacks itself, and how much of
# the tree is left is up to QEMU and the compiler. So with BOARD_TREE_AT it goes there, as a
# setup_data (Documentation/arch/x86/boot.rst: next, type, length), and the address of that
# into the header of a copy of the kernel.
guest_kernel_and_tree()
{
	local image=$1 dtb=$2 new=$$.$BASHPID

	GUEST_KERNEL=(-kernel "$image" -dtb "$dtb")
	[ "$BOARD_TREE_AT" ] || return 0
	if [ ! "$image.tree-$BOARD_TREE_AT" -nt "$image" ]; then
		cp "$image" "$image.$new"
		guest_little_endian 8 "$BOARD_TREE_AT" |
			dd of="$image.$new" bs=1 seek=$((0x250)) conv=notrunc status=none
		mv "$image.$new" "$image.tree-$BOARD_TREE_AT"
	fi
	{
		guest_little_endian 8 0
		guest_little_endian 4 2
		guest_little_endian 4 "$(stat -c %s "$dtb")"
		cat "$dtb"
	} >"$dtb.$new"
	mv "$dtb.$new" "${dtb%.dtb}.setup.dtb"
	GUEST_KERNEL=(-kernel "$image.tree-$BOARD_TREE_AT"
		-device "loader,file=${dtb%.dtb}.setup.dtb,addr=$BOARD_TREE_AT,force-raw=on")
}

# guest_little_endian BYTES VALUE
guest_little_endian()
{
	local i

	for ((i = 0; i < $1; i++)); do
		# shellcheck disable=SC2059 # the format is the byte
		printf "\\x$(printf %02x $((($2 >> 8 * i) & 0xff)))"
	done
}

# Programs of user-mode Linux have registers that it sets with a buffer of its own size,
# which the host takes for too small where its CPU has more. KUnit has no programs.
GUEST_UM_REASON="this host's CPU has more registers (AMX) than a program of user-mode Linux 6.12 can have"
guest_um_runs_programs()
{
	! grep -q '^flags.* amx_tile' /proc/cpuinfo ||
		! grep -q 'HOST_FP_SIZE, 2696' "$KSRC_DIR/arch/x86/um/user-offsets.c"
}

# guest_run BOARD LOG DTB INITRD [ARG...]: true if the guest came to its end.
guest_run()
{
	local GUEST_COMMAND

	guest_command "$1" "${@:3}"
	guest_wait "$1" "$2"
}

# guest_wait BOARD LOG: as guest_run, of GUEST_COMMAND.
guest_wait()
{
	local log=$2 rc=0

	timeout -k 5 "${GUEST_TIMEOUT:-600}" "${GUEST_COMMAND[@]}" </dev/null >"$log" 2>&1 || rc=$?
	if [ "$rc" = 124 ] || [ "$rc" = 137 ]; then
		echo "guest $1: not done after ${GUEST_TIMEOUT:-600} s" >&2
		return 1
	fi
	if ! grep -aq 'extmem-guest: end' "$log"; then
		echo "guest $1: it stopped before its end (exit status $rc)" >&2
		return 1
	fi
	[ -z "${GUEST_GCOV:-}" ] || coverage_take "$log"
}

# guest_test BOARD [NAME=VALUE...]: the tests of tools/testing/guest/, in one boot; the
# guest's whole log, KTAP and all, on stdout.
guest_test()
(
	set -e
	board=$1
	shift
	tree=$(guest_tree "$board")
	guest_boot_and_show "$board" "$tree" "facts ptdump rebind" -- "$@"
)

# guest_many BOARD [COUNT]: COUNT regions of a page, and one of 1 TiB where a CPU
# has such addresses, come up beside those of the board; what each one costs. QEMU
# counts instructions instead of the time, so that the cost is the same every time.
guest_many()
(
	set -e
	board=$1
	guest_board "$board"
	count=${2:-1024}
	if [ -z "$BOARD_SPARE" ]; then
		echo "KTAP version 1"
		echo "1..0 # SKIP $board has no BOARD_SPARE, memory to put them in"
		exit 0
	fi
	tmp=$(mktemp -d "$GUEST_DIR/many.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	guest_many_overlay "$count" >"$tmp/many.dtso"
	echo "$count" >"$tmp/count"
	tree=$(guest_tree "$board" "$tmp/many.dtso")
	# shellcheck disable=SC2030 # for the guest of this subshell
	GUEST_QEMU=(-icount "shift=0,sleep=off")
	guest_boot_and_show "$board" "$tree" "many" "count=$tmp/count" \
		-- initcall_debug log_buf_len=8M
)

# guest_bad BOARD: nodes that must be refused, each with its message, while the
# board's own regions come up.
guest_bad()
(
	set -e
	board=$1
	bad=$EXTMEM_TOP/tools/testing/guest/bad-$board
	tree=$(guest_tree "$board" "$bad.dtso")
	guest_boot_and_show "$board" "$tree" "bad facts" "messages=$bad.messages"
)

# guest_power BOARD: memory with a supply and a clock, which goes off and on, while the
# machine sleeps, too.
guest_power()
(
	set -e
	board=$1
	guest_board "$board"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		O="$built" "$built/power" >&2
	tree=$(guest_tree "$board" "$EXTMEM_TOP/tools/testing/guest/power-$board.dtso")
	guest_boot_and_show "$board" "$tree" "power" "power=$built/power"
)

# guest_build_modules DIR: those of tools/testing/planted, there, for the kernel of BOARD.
guest_build_modules()
{
	local cross arch=$BOARD_ARCH

	cross=$(kernel_cross "$arch")
	kernel_env
	mkdir -p "$1"
	cp -p "$EXTMEM_TOP"/tools/testing/planted/{Makefile,*.c} "$1/"
	make -C "$(kernel_dir "$arch" "${GUEST_VARIANT:-}")" M="$1" ARCH="$arch" CROSS_COMPILE="$cross" \
		CC="ccache ${cross}gcc" W=1 KCFLAGS=-Werror modules >&2
}

# guest_stress BOARD TEST [NAME=VALUE...]: a program of tools/testing/guest/ that tries to
# hurt the kernel; the facts are right afterwards. TEST.sh finds each NAME set.
guest_stress()
(
	set -e
	board=$1 test=$2
	shift 2
	# A million calls take their time.
	[[ " $* " != *" calls="* ]] || GUEST_TIMEOUT=7200
	# shellcheck disable=SC2030 # for the guest of this subshell
	GUEST_CPUS=2
	guest_board "$board"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		O="$built" "$built/$test" >&2
	files=("$test=$built/$test") overlays=()
	if [ "$test" = failnth ]; then
		tmp=$(mktemp -d "$GUEST_DIR/failnth.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		guest_build_modules "$tmp"
		files+=("user.ko=$tmp/user.ko")
		overlays+=("$EXTMEM_TOP/tools/testing/guest/failnth.dtso")
		# Who has allocated what, for resources.sh.
		set -- "$@" slub_debug=U
	fi
	tree=$(guest_tree "$board" "${overlays[@]}")
	guest_boot_and_show "$board" "$tree" "$test facts" "${files[@]}" -- "$@" |
		case $test in
		failnth)	guest_filter_failures ;;
		*)		cat ;;
		esac | guest_filter_log
)

# guest_inside BOARD: what tracefs and debugfs show of what a program does.
guest_inside()
(
	set -e
	board=$1
	guest=$EXTMEM_TOP/tools/testing/guest
	guest_board "$board"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" O="$built" "$built/inside" >&2
	tree=$(guest_tree "$board" "$guest/inside-$board.dtso")
	guest_boot_and_show "$board" "$tree" inside "inside=$built/inside" "fields=$guest/inside.fields"
)

# guest_nobody BOARD: whatever there is, tried by who has no rights.
guest_nobody()
(
	set -e
	board=$1
	guest_build_nobody "$board"
	tree=$(guest_tree "$board" "$EXTMEM_TOP/tools/testing/guest/nobody-$board.dtso")
	guest_boot_and_show "$board" "$tree" nobody "nobody=$built/nobody"
)

# guest_lockdown BOARD LEVEL: integrity or confidentiality
guest_lockdown()
(
	set -e
	board=$1
	guest_build_nobody "$board"
	tree=$(guest_tree "$board")
	guest_boot_and_show "$board" "$tree" lockdown "nobody=$built/nobody" -- "lockdown=$2" "level=$2"
)

# guest_build_nobody BOARD: the program, in the folder $built
guest_build_nobody()
{
	guest_board "$1"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		O="$built" "$built/nobody" >&2
}

# guest_engine: as guest_test, on the machine of configs/machines that has a DMA engine
guest_engine()
(
	set -e
	GUEST_BOARDS=$EXTMEM_TOP/configs/machines
	board=sifive-u
	guest_board "$board"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		O="$built" "$built/engine" "$built/unbind" >&2
	tree=$(guest_tree "$board")
	guest_boot_and_show "$board" "$tree" "facts engine" "engine=$built/engine" "unbind=$built/unbind"
)

# guest_modules BOARD [TEST [DTSO [ARG...]]]: extmem as modules, in a guest that has them where
# it looks, and those of GUEST_MODULES. ARG is as of guest_boot_and_show.
GUEST_MODULES=()
guest_modules()
(
	set -e
	board=$1 test=${2:-modules} overlay=${3:-}
	guest_board "$board"
	build=$(kernel_dir "$BOARD_ARCH" "$GUEST_VARIANT")
	release=$(cat "$build/include/config/kernel.release")
	tmp=$(mktemp -d "$GUEST_DIR/modules.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	mkdir -p "$tmp/lib/modules/$release"
	find "$build/drivers/extmem" -name '*.ko' -exec cp -t "$tmp/lib/modules/$release" {} +
	[ ${#GUEST_MODULES[@]} = 0 ] || cp -t "$tmp/lib/modules/$release" "${GUEST_MODULES[@]}"
	cp "$build"/modules.{order,builtin,builtin.modinfo} "$tmp/lib/modules/$release/"
	depmod -b "$tmp" "$release"
	files=()
	for file in "$tmp/lib/modules/$release"/{*.ko,modules.dep,modules.alias,modules.symbols}; do
		files+=("${file##*/}=$file")
	done
	tree=$(guest_tree "$board" ${overlay:+"$overlay"})
	guest_boot_and_show "$board" "$tree" "$test" "${files[@]}" "${@:4}"
)

# guest_loadnth BOARD: as guest_modules, while one allocation after another fails
guest_loadnth()
(
	set -e
	guest_board "$1"
	built=$EXTMEM_CACHE/build/guest-$BOARD_ARCH
	make -s -C "$EXTMEM_TOP/tools/testing/guest" CROSS_COMPILE="$(kernel_cross "$BOARD_ARCH")" \
		O="$built" "$built/loadnth" >&2
	# Who has allocated what, for resources.sh.
	guest_modules "$1" loadnth '' "loadnth=$built/loadnth" -- slub_debug=U |
		guest_filter_failures loading=1
)

# guest_samples BOARD: what is in samples/ is built as anybody builds it, and loaded.
guest_samples()
(
	set -e
	board=$1
	guest_board "$board"
	cross=$(kernel_cross "$BOARD_ARCH")
	tmp=$(mktemp -d "$GUEST_DIR/samples.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	cp -t "$tmp" "$EXTMEM_TOP"/samples/*
	kernel_env
	make -C "$(kernel_dir "$BOARD_ARCH" "$GUEST_VARIANT")" M="$tmp" EXTMEM="$EXTMEM_TOP" \
		ARCH="$BOARD_ARCH" CROSS_COMPILE="$cross" CC="ccache ${cross}gcc" W=1 KCFLAGS=-Werror \
		modules >&2
	# shellcheck disable=SC2030 # for the guest of this subshell
	GUEST_MODULES=("$tmp"/*.ko)
	guest_modules "$board" samples "$EXTMEM_TOP/tools/testing/guest/samples.dtso"
)

# guest_boot_and_show BOARD DTB TESTS [NAME=FILE...] [-- ARG...]
guest_boot_and_show()
(
	set -e
	board=$1 dtb=$2 tests=$3 files=() rc=0
	shift 3
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		files+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	work=$(mktemp -d "$GUEST_DIR/run.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	guest_initramfs "$board" "$work/initramfs" "${files[@]}"
	guest_run "$board" "$work/log" "$dtb" "$work/initramfs" "guest=${tests// /,}" "$@" || rc=$?
	cat "$work/log"
	exit $rc
)

guest_many_overlay()
{
	local i

	cat <<-EOF
	/dts-v1/;
	/plugin/;
	&{/} {
		#address-cells = <2>;
		#size-cells = <2>;
		many {
			compatible = "simple-bus";
			#address-cells = <2>;
			#size-cells = <2>;
			ranges;
	EOF
	for ((i = 0; i < $1; i++)); do
		printf '\t\tcell@%x { compatible = "extmem-region"; reg = <0x0 0x%x 0x0 0x1000>; memory-type = "ram"; label = "cell%04d"; };\n' \
			$((BOARD_SPARE + i * 4096)) $((BOARD_SPARE + i * 4096)) "$i"
	done
	if [ "$BOARD_TERABYTE" ]; then
		printf '\t\ttera@%x { compatible = "extmem-region"; reg = <0x%x 0x%x 0x100 0x0>; memory-type = "ram"; label = "terabyte"; };\n' \
			"$BOARD_TERABYTE" $((BOARD_TERABYTE >> 32)) $((BOARD_TERABYTE & 0xffffffff))
	fi
	# One with a clock, and an interrupt of a device that is not there.
	if [ ${#BOARD_QEMU[@]} -gt 0 ]; then
		printf '\t\tosc: oscillator { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <24000000>; };\n'
		printf '\t\tclocked@%x { compatible = "extmem-region"; reg = <0x0 0x%x 0x0 0x1000>; memory-type = "ram"; label = "clocked"; clocks = <&osc>; %s };\n' \
			$((BOARD_SPARE + $1 * 4096)) $((BOARD_SPARE + $1 * 4096)) "$BOARD_INTERRUPT"
	fi
	printf '\t};\n};\n'
}
