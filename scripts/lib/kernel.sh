# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The kernels: one build per architecture (and variant) serves KUnit and the
# guests of every board. Sourced after step.sh and setup.sh.
#
# ARCH is one of KERNEL_ARCHS. VARIANT names fragments of configs/kunit/
# that come on top, and win: <variant>.config and <arch>-<variant>.config.

KERNEL_ARCHS=(um arm64 riscv64 arm x86_64 powerpc64)

kernel_is_arch()
{
	[[ " ${KERNEL_ARCHS[*]} " == *" $1 "* ]]
}

# kernel_source_arch ARCH: its folder in arch/, and what make's ARCH= takes.
kernel_source_arch()
{
	case $1 in
	riscv64)	echo riscv ;;
	powerpc64)	echo powerpc ;;
	*)		echo "$1" ;;
	esac
}

# kernel_dir ARCH [VARIANT]: where that build is.
kernel_dir()
{
	local root=$EXTMEM_CACHE/build arch=$1

	[ "$arch" != riscv ] || arch=riscv64
	[ -z "${KSRC:-}" ] || root+=/$KSRC_NAME
	echo "$root/$arch${2:+-$2}"
}

# kernel_image ARCH [VARIANT]: what QEMU's -kernel takes, or for um the program.
kernel_image()
{
	case $1 in
	um)	echo "$(kernel_dir "$@")/linux" ;;
	arm64)	echo "$(kernel_dir "$@")/arch/arm64/boot/Image.gz" ;;
	arm)	echo "$(kernel_dir "$@")/arch/arm/boot/zImage" ;;
	riscv*)	echo "$(kernel_dir "$@")/arch/riscv/boot/Image" ;;
	x86_64)	echo "$(kernel_dir "$@")/arch/x86/boot/bzImage" ;;
	powerpc64)	echo "$(kernel_dir "$@")/vmlinux" ;;
	*)	die "unknown architecture $1: ${KERNEL_ARCHS[*]}" ;;
	esac
}

# The prefix of the cross compiler; nothing for this machine's own.
kernel_cross()
{
	case $1 in
	um | x86_64)	;;
	arm64)	echo aarch64-linux-gnu- ;;
	arm)	echo arm-linux-gnueabihf- ;;
	riscv*)	echo riscv64-linux-gnu- ;;
	powerpc64)	echo powerpc64-linux-gnu- ;;
	*)	die "unknown architecture $1: ${KERNEL_ARCHS[*]}" ;;
	esac
}

# kernel_fragments ARCH: the configuration, one file a line.
kernel_fragments()
{
	local arch=$1 file board

	[ "$arch" != riscv ] || arch=riscv64
	for file in "$EXTMEM_TOP"/configs/kunit/{default,"$arch"}.config; do
		[ ! -f "$file" ] || echo "$file"
	done
	for board in "$EXTMEM_TOP"/configs/boards/*/; do
		[ "$(kernel_board_arch "$board")" = "$arch" ] || continue
		[ ! -f "${board}kernel.config" ] || echo "${board}kernel.config"
	done
}

# kernel_is_seeded VARIANT: whether it differs from the plain kernel in what is ours alone
kernel_is_seeded()
{
	[ "$1" = modules ]
}

# kernel_variant ARCH VARIANT: the lines that come on top.
kernel_variant()
{
	local arch=$1 variant=$2 file found=

	for file in "$EXTMEM_TOP"/configs/kunit/{"$variant","$arch-$variant"}.config; do
		[ -f "$file" ] || continue
		grep -E '^(# )?CONFIG_' "$file"
		found=y
	done
	[ "$found" ] || die "no configs/kunit/$variant.config or configs/kunit/$arch-$variant.config"
}

# kernel_args ARCH VARIANT: what it has on the command line in every boot, one a line.
kernel_args()
{
	[ "$2" != kasan ] || echo page_poison=1
	# The buffers that sim stands in for have addresses that the DMA API never gave.
	[ "$1" != um ] || echo dma_debug=off
}

# kernel_board_arch BOARD: a name, or the folder.
kernel_board_arch()
{
	local dir=$1

	[ -d "$dir" ] || dir=$EXTMEM_TOP/configs/boards/$1
	[ -f "$dir/board.sh" ] || return 0
	(
		# shellcheck source=/dev/null
		. "$dir/board.sh" >/dev/null
		case $BOARD_ARCH in
		riscv)	echo riscv64 ;;
		*)	echo "$BOARD_ARCH" ;;
		esac
	)
}

# Objects are the same whoever builds them, wherever: second builds come out
# of ccache.
kernel_env()
{
	export CCACHE_DIR=$EXTMEM_CACHE/ccache CCACHE_BASEDIR=$EXTMEM_CACHE
	export CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
	# What a file includes, the compiler tells: no run of the preprocessor for that, which
	# is a quarter of a cold build. Of .incbin it tells nothing, so no assembler file may
	# come from the cache: -P with a macro, which change nothing else, are too much for
	# ccache, and it leaves the file to the compiler.
	export CCACHE_DEPEND=1 KAFLAGS=-Wp,-P,-DNO_CCACHE
	export KBUILD_BUILD_TIMESTAMP='1970-01-01' KBUILD_BUILD_USER=extmem KBUILD_BUILD_HOST=extmem
	# kunit.py and dtschema need Debian's Python, not another one in PATH.
	export PATH=/usr/bin:$PATH LC_ALL=C
}

# kernel_kunit COMMAND ARCH VARIANT [ARG...]: kunit.py in the farm.
kernel_kunit()
{
	local command=$1 arch=$2 variant=$3 dir cross args nice=()
	shift 3

	# The guests of other lanes wait for nobody, and who runs a kernel is one of them.
	[ "$command" != build ] || nice=(nice)

	kernel_env
	dir=$(kernel_dir "$arch" "$variant")
	cross=$(kernel_cross "$arch")
	args=(--arch="$(kernel_source_arch "$arch")" --build_dir="$dir")
	if [ "$cross" ]; then
		args+=(--cross_compile="$cross")
	fi
	cd "$FARM_DIR" || exit
	"${nice[@]}" tools/testing/kunit/kunit.py "$command" "${args[@]}" "$@"
}

# kernel_seed ARCH DIR: begin with a copy of the plain kernel. What of the configuration
# differs is ours alone: make finds out what that is in, and builds no more.
kernel_seed()
{
	[ ! -e "$2" ] && [ -e "$(kernel_image "$1")" ] || return 0
	cp -a "$(kernel_dir "$1")" "$2.tmp"
	mv "$2.tmp" "$2"
}

kernel_build_locked()
{
	local arch=$1 variant=${2:-} dir fragments line args=() log

	dir=$(kernel_dir "$arch" "$variant")
	fragments=$(kernel_fragments "$arch")
	while read -r line; do
		args+=(--kunitconfig="$line")
	done <<<"$fragments"
	if [ "$variant" ]; then
		fragments=$(kernel_variant "$arch" "$variant")
		while read -r line; do
			args+=(--kconfig_add="$line")
		done <<<"$fragments"
	fi
	[ -e "$(kernel_image "$arch" "$variant")" ] ||
		setup_space 700 "a kernel build for $arch${variant:+ ($variant)}"
	! kernel_is_seeded "$variant" || kernel_seed "$arch" "$dir"
	mkdir -p "$dir"
	log=$dir/kunit-build.log
	args+=(--jobs="$(nproc)" --make_options=CC="ccache $(kernel_cross "$arch")gcc" --make_options=HOSTCC="ccache gcc")
	kernel_kunit build "$arch" "$variant" "${args[@]}" 2>&1 | tee "$log"
	# kunit.py shows the compiler's warnings and goes on; in our files they
	# are failures.
	if grep -E 'drivers/extmem/.*warning:|include/(uapi/)?linux/extmem.*warning:' "$log"; then
		die "warnings in extmem's own files, $arch"
	fi
}

# kernel_build ARCH [VARIANT]: configure and build, in the farm of setup_graft.
kernel_build()
{
	! kernel_is_seeded "${2:-}" || kernel_build "$1"
	setup_graft
	with_lock "build-$KSRC_NAME-$1${2:+-$2}" kernel_build_locked "$@"
	echo "$(kernel_image "$@"): $(stat -Lc '%y' "$(kernel_image "$@")")"
}
