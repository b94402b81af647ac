# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Debian's own programs, as they are, on the regions (scripts/lib/programs.sh brings
# them). They have their whole paths here, since busybox' shell would take its own dd
# for "dd"; where busybox itself is meant, it is named.

. ./lib.sh

bin=/usr/bin
devices=/dev/extmem
# Whether this kernel can write the caches back to memory that remembers.
nvram_syncs=$(grep -m1 -o ' arch_wb_cache_pmem$' /proc/kallsyms)

# --- what the tests share ---

said()
{
	head -n 12 /tmp/said | while IFS= read -r line; do note "  $line"; done
	return 1
}

# run COMMAND...: it must succeed; what it says is in /tmp/said
run()
{
	local status

	"$@" >/tmp/said 2>&1 && return
	status=$?
	note "'$*' failed with $status:"
	said
}

# fails TEXT COMMAND...: it must fail and say TEXT
fails()
{
	local text=$1
	shift

	if "$@" >/tmp/said 2>&1; then
		note "'$*' did not fail"
		said
	elif ! grep -qF -- "$text" /tmp/said; then
		note "'$*' did not say '$text':"
		said
	fi
}

# says COMMAND...: it must succeed and say what is in /tmp/expected
says()
{
	run "$@" && $bin/cmp -s /tmp/said /tmp/expected && return
	note "'$*' said:"
	said
}

# size REGION: sets size
size()
{
	wanted "$1" size
	size=$((wanted_value))
}

# reset REGION: fill its first MiB, or all of it, with what /tmp/mirror then has, too;
# sets size to how much that is
reset()
{
	size "$1"
	[ $size -le 1048576 ] || size=1048576
	$bin/head -c $size /tmp/other >/tmp/mirror
	run $bin/dd if=/tmp/mirror of="$devices/$1" bs=64k
}

# mirrored REGION: it has, where reset has filled it, what /tmp/mirror has
mirrored()
{
	run $bin/cmp -n "$size" "$devices/$1" /tmp/mirror
}

# Memory of each kind that may be written; two of them are on one chip.
memories='sram nvram.env nvram.journal ddr-window window-100000000 frames log-54400000 capture video audio rings'

# --- dd and cmp ---

# Before Linux 6.6 tmpfs, where the files are, takes no O_DIRECT.
buffered()
{
	echo "$*" | sed 's/[io]flag=direct//'
}

# in_both REGION ARG...: the same dd to the region and to a file
in_both()
{
	local name=$1
	shift

	# shellcheck disable=SC2046 # a list
	run $bin/dd if=/tmp/known of="$devices/$name" conv=notrunc "$@" &&
		run $bin/dd if=/tmp/known of=/tmp/mirror conv=notrunc $(buffered "$@") &&
		mirrored "$name" && return
	note "of $name: dd $*"
	return 1
}

# out_of_both REGION ARG...: the same dd from the region and from a file
out_of_both()
{
	local name=$1
	shift

	rm -f /tmp/found /tmp/expected
	# shellcheck disable=SC2046 # a list
	run $bin/dd if="$devices/$name" of=/tmp/found "$@" &&
		run $bin/dd if=/tmp/mirror of=/tmp/expected $(buffered "$@") &&
		run $bin/cmp /tmp/found /tmp/expected && [ -s /tmp/found ] && return
	note "of $name: dd $*"
	return 1
}

# Catches: a copy that is wrong at its edges or in its middle, a position that is not
# kept, a byte written beside the range.
dd_writes()
{
	reset "$1" || return 1
	in_both "$1" bs=1 count=3001 skip=5 seek=13 &&
		in_both "$1" bs=7 count=300 skip=5 seek=13 &&
		in_both "$1" bs=512 count=67 skip=3 seek=70 &&
		in_both "$1" bs=512 count=67 skip=3 seek=111 conv=swab oflag=seek_bytes &&
		in_both "$1" bs=4k count=13 skip=1 seek=20 &&
		in_both "$1" ibs=1000 obs=3000 count=40 seek=31 &&
		in_both "$1" bs=1M count=$size iflag=count_bytes
}

dd_reads()
{
	reset "$1" || return 1
	out_of_both "$1" bs=1 count=3001 skip=13 &&
		out_of_both "$1" bs=7 count=300 skip=13 &&
		out_of_both "$1" bs=512 count=67 skip=70 &&
		out_of_both "$1" bs=4k count=13 skip=20 &&
		out_of_both "$1" ibs=3000 obs=1000 count=40 skip=7 &&
		out_of_both "$1" bs=1M count=$size iflag=count_bytes
}

# Catches: O_DIRECT, O_SYNC or fsync() refused, or done instead of the writing.
dd_flags()
{
	local sync

	reset "$1" &&
		in_both "$1" bs=4k count=3 seek=1 oflag=direct &&
		out_of_both "$1" bs=4k count=3 seek=1 iflag=direct || return 1
	for sync in conv=fsync conv=fdatasync oflag=sync oflag=dsync; do
		wanted "$1" type
		if [ "$wanted_value" = nvram ] && [ -z "$nvram_syncs" ]; then
			fails 'Operation not supported' $bin/dd if=/tmp/known of="$devices/$1" \
				bs=4k count=3 $sync || return 1
		else
			in_both "$1" bs=512 count=30 seek=5 $sync || return 1
		fi
	done
}

# Catches: an end that is another than the region's.
dd_end()
{
	size "$1"
	reset "$1" || return 1
	fails 'No space left on device' $bin/dd if=/tmp/known of="$devices/$1" \
		bs=4k count=1 seek=$((size / 4096)) || return 1
	mirrored "$1" || return 1
	# The first half fits.
	fails 'No space left on device' $bin/dd if=/tmp/known of="$devices/$1" \
		bs=4k count=1 oflag=seek_bytes seek=$((size - 2048)) || return 1
	grep -q '^2048 bytes' /tmp/said || { note 'dd should have written 2048 bytes:'; said; return 1; }
	run $bin/dd if="$devices/$1" of=/tmp/found bs=4k iflag=skip_bytes skip=$((size - 2048)) &&
		run $bin/cmp -n 2048 /tmp/found /tmp/known &&
		same 'bytes before the end' 2048 "$(wc -c </tmp/found)" &&
		run $bin/dd if="$devices/$1" of=/tmp/found bs=4k skip=$((size / 4096)) &&
		same 'bytes behind the end' 0 "$(wc -c </tmp/found)"
}

# Catches: a size that a program which reads to the end does not find.
whole()
{
	size "$1"
	run $bin/cp "$devices/$1" /tmp/found || return 1
	same "bytes of $1" $size "$(wc -c </tmp/found)" && run $bin/cmp /tmp/found "$devices/$1"
}

# Catches: a region whose file mode alone keeps it from being written.
dd_readonly()
{
	run $bin/cp "$devices/$1" /tmp/mirror || return 1
	size "$1"
	fails 'Operation not permitted' $bin/dd if=/tmp/known of="$devices/$1" bs=4k count=1 &&
		fails 'Operation not permitted' $bin/dd if=/tmp/known of="$devices/$1" bs=1 count=1 &&
		fails 'Operation not permitted' $bin/cp /tmp/known "$devices/$1" &&
		fails 'Operation not permitted' $bin/memtester -p 0 -d "$devices/$1" 4K 1 &&
		mirrored "$1"
}

# --- what is known beforehand ---

rom_content()
{
	yes "extmem: this is the board's ROM." | $bin/head -c 1M
}

# Catches: another memory's bytes, or bytes in another order.
rom_hexdump()
{
	cat >/tmp/expected <<-'END'
	00000000  65 78 74 6d 65 6d 3a 20  74 68 69 73 20 69 73 20  |extmem: this is |
	00000010  74 68 65 20 62 6f 61 72  64 27 73 20 52 4f 4d 2e  |the board's ROM.|
	00000020  0a 65 78 74 6d 65 6d 3a                           |.extmem:|
	00000028
	END
	says $bin/hexdump -C -n 40 $devices/rom && says busybox hexdump -C -n 40 $devices/rom || return 1
	$bin/hexdump -C -s 983040 $devices/rom >/tmp/found
	rom_content >/tmp/mirror
	busybox hexdump -C -s 983040 /tmp/mirror >/tmp/expected
	run $bin/cmp /tmp/found /tmp/expected
}

rom_sums()
{
	same sha256sum "$(rom_content | $bin/sha256sum)" "$($bin/sha256sum <$devices/rom)" &&
		same 'busybox md5sum' "$(rom_content | busybox md5sum)" "$(busybox md5sum <$devices/rom)" &&
		same 'bytes' 1048576 "$(busybox wc -c <$devices/rom)"
}

# The identification registers of the PL031 that plays the FPGA. Catches: a unit read
# in another width (its bytes would be repeated or missing) or from another place.
registers_hexdump()
{
	cat >/tmp/expected <<-'END'
	00000fe0  31 00 00 00 10 00 00 00  14 00 00 00 00 00 00 00  |1...............|
	00000ff0  0d 00 00 00 f0 00 00 00  05 00 00 00 b1 00 00 00  |................|
	00001000
	END
	says $bin/hexdump -C -s 0xfe0 $devices/fpga-regs &&
		says $bin/hexdump -C -s 0xfe0 -n 32 $devices/fpga-regs || return 1
	$bin/hexdump -v -s 0xfe0 -e '1/4 "%x "' $devices/fpga-regs >/tmp/found
	same 'by words' '31 10 14 0 d f0 5 b1 ' "$(cat /tmp/found)"
}

# A unit at a time, and some at a time.
registers_dd()
{
	local bs

	printf '\061\0\0\0\020\0\0\0\024\0\0\0\0\0\0\0\015\0\0\0\360\0\0\0\005\0\0\0\261\0\0\0' >/tmp/expected
	for bs in 4 8 16 32 1M; do
		run $bin/dd if=$devices/fpga-regs of=/tmp/found bs=$bs iflag=skip_bytes skip=$((0xfe0)) &&
			run $bin/cmp /tmp/found /tmp/expected || { note "with bs=$bs"; return 1; }
	done
}

# match_register: what the alarm register has; it is 4 bytes into the region
match_register()
{
	$bin/dd if=$devices/fpga-regs bs=4 skip=1 count=1 2>/dev/null | $bin/hexdump -e '1/4 "%08x"'
}

# Catches: a write in another width, or to more than one register.
registers_written()
{
	local before after

	printf '\170\126\064\022' >/tmp/found
	run $bin/dd if=/tmp/found of=$devices/fpga-regs bs=4 seek=1 &&
		same 'the match register' 12345678 "$(match_register)" || return 1
	printf '\001\357\315\253' >/tmp/found
	before=$($bin/hexdump -C -s 8 -n 24 $devices/fpga-regs)
	run busybox dd if=/tmp/found of=$devices/fpga-regs bs=4 seek=1 &&
		same 'the match register' abcdef01 "$(match_register)" || return 1
	after=$($bin/hexdump -C -s 8 -n 24 $devices/fpga-regs)
	same 'the registers behind it' "$before" "$after"
}

# Catches: an access that is split, widened or moved rather than refused.
registers_refuse()
{
	local how

	printf '\0\0\0\0' | $bin/dd of=$devices/fpga-regs bs=4 seek=1 2>/dev/null
	for how in bs=1 bs=2 bs=3 bs=6 'bs=4 iflag=skip_bytes skip=2'; do
		# shellcheck disable=SC2086 # a list
		fails 'Invalid argument' $bin/dd if=$devices/fpga-regs of=/tmp/found count=1 $how || return 1
		same "bytes read with $how" 0 "$(wc -c </tmp/found)" || return 1
	done
	for how in 'bs=1 seek=4' 'bs=2 seek=2' 'bs=6 oflag=seek_bytes seek=4' 'bs=4 oflag=seek_bytes seek=2'; do
		# shellcheck disable=SC2086 # a list
		fails 'Invalid argument' $bin/dd if=/tmp/known of=$devices/fpga-regs count=1 $how || return 1
		same "the match register after $how" 00000000 "$(match_register)" || return 1
	done
}

# busybox' devmem knows no other file than /dev/mem, so that is what the region is
# called for a while. Catches: a mapping of another page, or of another width.
devmem()
{
	ln -sf "$devices/$1" /dev/mem
	shift
	busybox devmem "$@"
}

busybox_devmem()
{
	local width value

	# It would map two pages for a register behind this one.
	same 'a register' 0x00000031 "$(devmem fpga-regs 0xfe0 32)" || return 1
	devmem fpga-regs 4 32 0x76543210
	same 'the match register' 76543210 "$(match_register)" || return 1
	reset sram || return 1
	for width in 8 16 32; do
		value=$(printf "0x%0$((width / 4))X" $((0x7abbccdd & ((1 << width) - 1))))
		devmem sram 0x12340 $width $((value))
		same "of $width bits" "$value" "$(devmem sram 0x12340 $width)" || return 1
	done
	printf '\335\314\273\172' | $bin/dd of=/tmp/mirror bs=4 seek=$((0x12340 / 4)) conv=notrunc 2>/dev/null
	mirrored sram
}

# --- copies of other kinds ---

# Catches: a read or a write by splice(), sendfile() or copy_file_range() that ends
# early, or is taken for one of a disk's files.
copies()
{
	local name=$1 digest

	reset "$name" || return 1
	digest=$($bin/sha256sum </tmp/mirror)
	same 'head | sha256sum' "$digest" "$($bin/head -c $size "$devices/$name" | $bin/sha256sum)" &&
		same 'cat' "$digest" "$($bin/cat "$devices/$name" | head -c $size | $bin/sha256sum)" &&
		same 'pv' "$digest" "$($bin/pv -q "$devices/$name" | head -c $size | $bin/sha256sum)" &&
		same 'busybox cat' "$digest" "$(busybox cat "$devices/$name" | head -c $size | $bin/sha256sum)" ||
		return 1
	$bin/head -c $size /tmp/known >/tmp/mirror
	$bin/cat /tmp/mirror | $bin/tee "$devices/$name" | run $bin/cmp - /tmp/mirror && mirrored "$name" || return 1
	$bin/head -c $size /tmp/other >/tmp/mirror
	$bin/cat /tmp/mirror | $bin/pv -q >"$devices/$name"
	mirrored "$name" || return 1
	$bin/head -c $size /tmp/known >/tmp/mirror
	run $bin/cp /tmp/mirror "$devices/$name" && mirrored "$name" || return 1
	$bin/head -c $size /tmp/other >/tmp/mirror
	run busybox cp /tmp/mirror "$devices/$name" && mirrored "$name"
}

# Zeros at the beginning, in the middle and at the end. Catches: zeros that are not
# written, for a hole would do in a file, or that are not read.
sparse()
{
	reset "$1" || return 1
	rm -f /tmp/mirror
	truncate -s $size /tmp/mirror
	$bin/dd if=/tmp/known of=/tmp/mirror bs=4k seek=5 count=3 conv=notrunc 2>/dev/null
	run $bin/cp --sparse=always /tmp/mirror "$devices/$1" && mirrored "$1" || { note 'cp to it'; return 1; }
	run $bin/cp --sparse=always "$devices/$1" /tmp/found &&
		run $bin/cmp -n $size /tmp/found /tmp/mirror || { note 'cp from it'; return 1; }
	size "$1"
	same 'bytes copied' $size "$(wc -c </tmp/found)" || return 1
	# The last piece is zeros, which leaves the file as long as its last seek.
	run $bin/dd if="$devices/$1" of=/tmp/found bs=4k conv=sparse &&
		run $bin/cmp /tmp/found "$devices/$1"
}

# An archive on a device, as on a tape of old. Catches: a device that tar takes for
# what it is not.
archive()
{
	run $bin/tar -C /tmp -cf "$devices/$1" known other || return 1
	same 'the files' "known${newline}other" "$($bin/tar -tf "$devices/$1")" &&
		run $bin/tar -C /tmp -df "$devices/$1" || return 1
	rm -rf /tmp/unpacked
	mkdir /tmp/unpacked
	run busybox tar -C /tmp/unpacked -xf "$devices/$1" &&
		run $bin/cmp /tmp/unpacked/known /tmp/known && run $bin/cmp /tmp/unpacked/other /tmp/other
}

# dd and cmp of busybox. Catches: what a small buffer and other system calls show.
busybox_dd()
{
	reset "$1" || return 1
	run busybox dd if=/tmp/known of="$devices/$1" bs=1000 count=17 seek=3 conv=notrunc &&
		run busybox dd if=/tmp/known of=/tmp/mirror bs=1000 count=17 seek=3 conv=notrunc || return 1
	busybox dd if="$devices/$1" bs=4096 count=$((size / 4096)) 2>/dev/null | busybox cmp - /tmp/mirror ||
		{ note 'they differ'; return 1; }
	mirrored "$1" || return 1
	printf '#' | busybox dd of=/tmp/mirror bs=1 seek=4099 conv=notrunc 2>/dev/null
	same 'busybox cmp' "$devices/$1 /tmp/mirror differ: byte 4100, line" \
		"$(busybox cmp -n "$size" "$devices/$1" /tmp/mirror | sed 's/, line.*/, line/; s/char/byte/')"
}

# Catches: a lock that another process does not see.
locked()
{
	run $bin/flock -n $devices/sram busybox true || return 1
	if $bin/flock -n $devices/sram $bin/flock -n $devices/sram busybox true; then
		note 'locked twice'
		return 1
	fi
}

# --- memtester ---

# memtester on the second 64 KiB of the region. Catches: a mapping that loses or
# repeats what is stored, or is of another memory than read() and write() are.
memtest()
{
	local name=$1 test

	reset "$name" && run $bin/memtester -p 0x10000 -d "$devices/$name" 64K 1 || return 1
	# What it overwrites when it goes on says what was tested.
	tr '\r\b' '\n\n' </tmp/said >/tmp/tests
	for test in 'Stuck Address' 'Random Value' 'Checkerboard' 'Bit Flip' 'Walking Ones' '8-bit Writes'; do
		grep -q "$test" /tmp/tests || { note "no test '$test'"; return 1; }
	done
	grep -q '^Done' /tmp/tests || { note 'it was not done'; return 1; }
	! grep -q FAILURE /tmp/tests || { note 'failures'; return 1; }
	$bin/dd if="$devices/$name" of=/tmp/found bs=64k skip=1 count=1 2>/dev/null
	$bin/dd if=/tmp/mirror of=/tmp/expected bs=64k skip=1 count=1 2>/dev/null
	! $bin/cmp -s /tmp/found /tmp/expected || { note 'nothing was written'; return 1; }
	# Beside it nothing has changed.
	$bin/dd if=/tmp/found of=/tmp/mirror bs=64k seek=1 count=1 conv=notrunc 2>/dev/null
	mirrored "$name"
}

# Another one is at work in the same place. Catches: a memtester that tests its own
# memory, so that it finds nothing here.
memtest_disturbed()
{
	local status other

	$bin/memtester -p 0 -d "$devices/$1" 8K 1000 >/dev/null 2>&1 &
	other=$!
	$bin/memtester -p 0 -d "$devices/$1" 64K 1 >/tmp/said 2>&1
	status=$?
	kill $other
	wait $other
	[ $status != 0 ] && grep -q FAILURE /tmp/said && return
	note "it has found nothing, status $status"
	said
}

# --- fio ---

# fio_all ENGINE OPTION...: on each memory two that write and verify, and two that read
# meanwhile, all at once. fio 3 has its own mistakes: with mmap it heeds no "offset",
# and where it knows no file size, "size" counts from 0 and "offset" is not for random.
fio_all()
{
	local engine=$1 name list=$memories count=0
	shift

	# It calls msync() then.
	case $nvram_syncs:$engine:$1 in
	:mmap:direct=1)	list=$(echo "$list" | tr ' ' '\n' | grep -v nvram) ;;
	esac
	printf '%s\n' '[global]' "ioengine=$engine" rw=randwrite bsrange=512-4k verify=crc32c \
		verify_fatal=1 randseed=3 "$@" >/tmp/job
	for name in $list; do
		count=$((count + 1))
		printf '%s\n' "[$name-random]" "filename=$devices/$name" size=32k \
			"[$name-readers]" "filename=$devices/$name" size=64k rw=randread verify=0 numjobs=2 \
			"[$name-in-order]" "filename=$devices/$name" size=64k rw=write offset=32k >>/tmp/job
		[ "$engine" != mmap ] || echo ioengine=psync >>/tmp/job
		$bin/dd if=/dev/zero of="$devices/$name" bs=64k count=1 2>/dev/null
	done
	run $bin/fio --eta=never --output=/tmp/fio /tmp/job || { cp /tmp/fio /tmp/said; said; return 1; }
	same 'jobs that ended well' $((4 * count)) "$(grep -c 'groupid=.* err= 0:' /tmp/fio)" || return 1
	# fio's own mark is at the beginning of each block that it has written.
	for name in $list; do
		$bin/head -c 64k "$devices/$name"
	done | $bin/hexdump -v -e '1/2 "%04x" 510/1 "" "\n"' | awk '
		/^acca/ { marked[int((NR - 1) / 64)] = 1 }
		END { for (i in marked) halves++; print halves + 0 }' >/tmp/found
	same 'halves of 64 KiB that have a block of fio' $((2 * count)) "$(cat /tmp/found)"
}

# Catches: a fio that verifies what it has in its own memory.
fio_finds()
{
	local common="--name=job --filename=$devices/$1 --ioengine=$2 --size=64k --bs=4k
		--verify=crc32c --eta=never --output=/tmp/fio"

	reset "$1" || return 1
	# shellcheck disable=SC2086 # a list
	run $bin/fio $common --rw=write --do_verify=0 &&
		run $bin/fio $common --rw=read || return 1
	printf x | $bin/dd of="$devices/$1" bs=1 seek=23456 conv=notrunc 2>/dev/null
	# shellcheck disable=SC2086 # a list
	fails 'crc32c: verify failed' $bin/fio $common --rw=read
}

# --- trace-cmd ---

# Catches: events that trace-cmd does not know how to read, or of another program.
trace_cmd()
{
	mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	run $bin/trace-cmd record -q -o /tmp/trace.dat -e extmem -F $bin/dd if="$devices/$1" \
		of=/tmp/found bs=4k count=3 skip=2 &&
		run $bin/trace-cmd report -i /tmp/trace.dat || return 1
	sed -n 's/^ *dd-[0-9]* .* extmem_io: *//p' /tmp/said >/tmp/found
	printf 'name=%s write=0 offset=0x%x size=0x1000 ret=4096\n' "$1" 8192 "$1" 12288 "$1" 16384 \
		>/tmp/expected
	$bin/cmp -s /tmp/found /tmp/expected && return
	said
}

# --- the list ---

repeated()
{
	seq "$@" >/tmp/piece
	cat /tmp/piece /tmp/piece /tmp/piece /tmp/piece /tmp/piece /tmp/piece /tmp/piece /tmp/piece
}

# Each repeats itself only after 140,000 bytes, which is a multiple of no block.
repeated 500000 1 519999 | $bin/head -c 1M >/tmp/known
repeated 123457 7 263450 | $bin/head -c 1M >/tmp/other
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
for name in dd cmp hexdump tar pv flock fio; do
	note "$($bin/$name --version 2>&1 | head -n 1)"
done
note "$($bin/memtester 2>&1 | grep -m1 version)"
note "$(busybox | head -n 1)"

cat >/tmp/list <<'END'
dd_writes sram
dd_writes ddr-window
dd_writes nvram
dd_reads sram
dd_reads ddr-window
dd_reads nvram
dd_flags sram
dd_flags ddr-window
dd_flags nvram
dd_end sram
dd_end nvram
dd_end nvram.env
dd_readonly rom
dd_readonly nvram.factory
whole frames
whole nvram.journal
whole rings
rom_hexdump
rom_sums
registers_hexdump
registers_dd
registers_written
registers_refuse
busybox_dd sram
busybox_dd nvram
busybox_dd ddr-window
busybox_devmem
locked
copies sram
copies ddr-window
copies nvram
copies video
sparse sram
sparse nvram
archive ddr-window
memtest sram
memtest nvram
memtest frames
memtest_disturbed sram
fio_all psync
fio_all psync direct=1 thread
fio_all mmap
fio_all mmap direct=1 bsrange=4k-8k thread
fio_all pvsync2 rw=randrw
fio_all splice
fio_all posixaio thread
fio_all io_uring iodepth=4
fio_finds sram psync
fio_finds ddr-window mmap
trace_cmd sram
END
plan "$(wc -l </tmp/list)"
while read -r name arguments; do
	if [ "$name" = trace_cmd ] && [ ! -d /sys/kernel/tracing ]; then
		skip trace_cmd_sram 'this kernel has no tracefs'
		continue
	fi
	start=$(cut -d' ' -f1 /proc/uptime)
	# shellcheck disable=SC2086 # a list
	$name $arguments </dev/null
	result $? "$(echo "$name${arguments:+ $arguments}" | tr ' =-' '___')"
	note "from $start s to $(cut -d' ' -f1 /proc/uptime) s"
done </tmp/list
finish
