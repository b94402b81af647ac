# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2015,SC2016,SC2154,SC2217,SC3043 # busybox, and lib.sh
#
# The command on the board's own regions, and the library (live.c of testing/extmem). What
# it says is compared with what busybox reads.

. ./lib.sh

# That of the package, where it is installed.
extmem=/usr/bin/extmem
[ -x $extmem ] || extmem=/guest/extmem
devices=/dev/extmem

said()
{
	head -n 6 /tmp/said | while IFS= read -r line; do note "  $line"; done
	return 1
}

# run CODE COMMAND...: it ends with that code; what it says is in /tmp/said
run()
{
	local wanted=$1 status
	shift

	"$@" >/tmp/said 2>&1
	status=$?
	[ $status = "$wanted" ] && return
	note "'$*' ended with $status, not $wanted:"
	said
}

# refuses CODE TEXT COMMAND...: one line that has the text, and that code
refuses()
{
	local code=$1 text=$2
	shift 2

	run "$code" "$@" || return 1
	same "lines of '$*'" 1 "$(wc -l </tmp/said)" || said || return 1
	grep -q "^extmem: .*$text" /tmp/said && return
	note "'$*' does not say '$text':"
	said
}

# Catches: a region that is missing, and a fact that is another's.
list()
{
	local name status=0

	run 0 $extmem list -n -l -o name,type,policy,effective,address || return 1
	same 'the regions' "$(echo "$names" | words)" "$(cut -d' ' -f1 /tmp/said | words)" || return 1
	for name in $names; do
		wanted "$name" type
		line=$wanted_value
		for column in cache_policy cache_policy_effective phys_addr; do
			wanted "$name" $column
			line="$line $wanted_value"
		done
		same "$name" "$name $line" "$(grep "^$name " /tmp/said | tr -s ' ')" || status=1
	done
	return $status
}

# In the locale C, whose lines are drawn in ASCII.
tree()
{
	run 0 env LC_ALL=C $extmem list -n -o name || return 1
	same 'the partitions' '|- nvram.env |- nvram.factory `- nvram.journal ' \
		"$(grep -A 3 '^nvram$' /tmp/said | tail -n 3 | tr '\n' ' ')"
}

info()
{
	wanted rom phys_addr
	run 0 $extmem info --ask rom || return 1
	[ "$wanted_value" = - ] || grep -q "^phys_addr  *$wanted_value$" /tmp/said || said || return 1
	grep -q '^mappable  *yes$' /tmp/said && grep -q '^access  *ro$' /tmp/said || said || return 1
	run 0 $extmem info --json --ask fpga-regs && grep -q '"io_width":4' /tmp/said || said
}

# Catches: a register that is read in another width, or twice.
registers()
{
	local at=4 id=$((0xfe0))

	# A PL031's match register and the first of what it is; on riscv64 a goldfish RTC's
	# alarm, of which the high half comes second. Past its registers a load faults. On
	# x86_64 a timer of an HPET, and its period.
	case $(uname -m) in
	riscv64)	at=12; id=8 ;;
	x86_64)		at=$((0x108)); id=4 ;;
	esac
	run 0 $extmem poke fpga-regs $at 0x12345678 && run 0 $extmem peek fpga-regs $at || return 1
	same 'what was written' 0x12345678 "$(cat /tmp/said)" || return 1
	run 0 $extmem peek fpga-regs $id || return 1
	same 'as busybox reads it' "0x$(dd if=$devices/fpga-regs bs=4 skip=$((id / 4)) count=1 2>/dev/null |
		hexdump -v -e '1/4 "%08x"')" "$(cat /tmp/said)" || return 1
	refuses 2 'is no multiple of 4' $extmem peek fpga-regs 2 &&
		refuses 2 'reg-io-width' $extmem peek -w 2 fpga-regs 4 &&
		refuses 2 'say which' $extmem read fpga-regs &&
		refuses 2 'are not in it' $extmem peek fpga-regs 0x1000
}

# Catches: bytes that are lost on the way, or that come from another place.
round_trip()
{
	local sum

	wanted "$1" size
	size=$((wanted_value))
	[ $size -le 1048576 ] || size=1048576
	seq 1 400000 | head -c $size >/tmp/in
	sum=$(sha256sum </tmp/in | cut -d' ' -f1)
	run 0 $extmem load --verify "$1" /tmp/in && same 'the sum' "$sum  /tmp/in" "$(tail -n 1 /tmp/said)" &&
		run 0 $extmem cmp "$1" /tmp/in &&
		run 0 $extmem dump -n $size "$1" /tmp/out && same 'the sum' "$sum  /tmp/out" "$(cat /tmp/said)" &&
		run 0 cmp /tmp/in /tmp/out &&
		same 'what busybox reads' "$sum" "$(head -c $size "$devices/$1" | sha256sum | cut -d' ' -f1)" &&
		run 0 $extmem fill -s 4k -n 12 -w 4 "$1" 0xdeadbeef && run 1 $extmem cmp "$1" /tmp/in &&
		run 0 $extmem peek -w 4 "$1" 4104 && same 'what is filled' 0xdeadbeef "$(cat /tmp/said)"
}

# Catches: a full disk or Ctrl-C after which a file seems whole.
stopped()
{
	mkdir -p /tmp/small
	mount -t tmpfs -o size=256k tmpfs /tmp/small
	refuses 5 'No space left on device; 0x40000 of 0x100000 bytes are in .*--resume' \
		$extmem dump sram /tmp/small/dump || return 1
	[ ! -e /tmp/small/dump ] || { note 'the file has its name'; return 1; }
	mount -o remount,size=2m /tmp/small
	run 0 $extmem dump --resume sram /tmp/small/dump && run 0 cmp /tmp/small/dump $devices/sram || return 1
	umount /tmp/small
	mkfifo /tmp/fifo
	$extmem load sram - <>/tmp/fifo >/tmp/said 2>&1 &
	sleep 1
	kill $!
	wait $!
	same 'the exit code' 143 $? && grep -q 'stopped by SIGTERM; nothing was written' /tmp/said || said
}

# Catches: good memory that is called bad, and bad memory that is called good.
test_memory()
{
	local other status

	run 0 $extmem test --destroy "$1" || return 1
	# Another one is at work in the same place.
	# Not to be killed: user-mode Linux 6.12 does not survive a fork that is stopped.
	rm -f /tmp/enough
	while [ ! -e /tmp/enough ]; do
		dd if=/dev/zero of="$devices/$1" bs=4k seek=3 count=1 conv=notrunc 2>/dev/null
	done &
	other=$!
	run 1 $extmem test --destroy --share --loops 50 "$1"
	status=$?
	touch /tmp/enough
	wait $other
	[ $status = 0 ] || return 1
	wanted "$1" phys_addr
	[ "$wanted_value" != - ] || return 0
	grep -q "bad byte at 0x3... (physical address $(printf '0x%x' $((wanted_value + 0x3000)) | sed 's/...$//')" \
		/tmp/said || said
}

busy()
{
	sleep 30 <$devices/sram &
	sleep 1
	refuses 4 'sram: busy' $extmem test --destroy sram || return 1
	kill $!
	wait $!
	true
}

# Catches: a program without rights that gets in, or that is not told how.
permission()
{
	mkdir -p /etc
	grep -qs ^nobody: /etc/passwd || echo nobody:x:65534:65534::/:/bin/sh >>/etc/passwd
	chmod 755 / /guest /guest/extmem
	refuses 4 'has mode 0600 and is .*udev rule' su -s /bin/sh nobody -c "$extmem read sram" || return 1
	run 0 su -s /bin/sh nobody -c "$extmem list -nlo name,address" || return 1
	same 'an address' 'sram -' "$(grep '^sram ' /tmp/said | tr -s ' ')"
}

read_only()
{
	refuses 4 'rom is read-only' $extmem poke rom 0 1 &&
		refuses 4 'rom is read-only' $extmem fill rom 0 &&
		refuses 4 'rom is read-only' $extmem test --destroy rom &&
		refuses 3 'there are: ' $extmem read srma || return 1
	[ ! -e $class/pool ] || refuses 4 'is a pool' $extmem read pool -n 16
}

# Catches: a buffer that the command has not, or that is not given back.
alloc()
{
	run 0 $extmem alloc pool 5000 sh -c 'cat /sys/class/extmem/pool/pool_in_use; echo $EXTMEM_LENGTH
		readlink /proc/self/fd/$EXTMEM_FD' || return 1
	same 'what the command has' "8192 0x2000 /dmabuf:" "$(tr '\n' ' ' </tmp/said | sed 's/ $//')" || return 1
	same 'what is in use then' 0 "$(cat $class/pool/pool_in_use)" || return 1
	refuses 5 'has no room for 0x40000000 bytes' $extmem alloc pool 1G true
}

bench()
{
	run 0 $extmem bench -t 50 -n 64k -w "$1" || return 1
	same 'rows' 6 "$(grep -cE ' (MB/s|ns)$' /tmp/said)" || said
}

# rings_in SECONDS: the alarm of the PL031 that plays the FPGA
rings_in()
{
	local now

	now=$($extmem peek fpga-regs 0) && $extmem poke fpga-regs 4 $((now + $1)) &&
		$extmem poke fpga-regs 0x10 1
}

# Catches: an interrupt that does not come, comes of nothing, or comes once and never again.
irq()
{
	refuses 4 'sram has no interrupts' $extmem irq sram || return 1
	run 0 $extmem irq --list fpga-regs && same 'the list' '0 alarm level - 0 ' \
		"$(sed 1d /tmp/said | tr -s ' \n' ' ')" || said || return 1
	rings_in 3 && run 0 $extmem irq -t 60 fpga-regs $extmem poke fpga-regs 0x1c 1 || return 1
	same 'once' 'alarm: 1 new, 1 in all' "$(cat /tmp/said)" &&
		refuses 5 'interrupt 0 did not come within 1 s' $extmem irq -t 1 fpga-regs || return 1
	# Nobody removes the cause.
	rings_in 3 && run 0 $extmem irq -c 3 -t 60 -i alarm fpga-regs || return 1
	same 'each time that it is armed' 'alarm: 1 new, 4 in all' "$(tail -n 1 /tmp/said)" || return 1
	$extmem poke fpga-regs 0x1c 1 && $extmem poke fpga-regs 0x10 0 || return 1
	run 0 $extmem irq --json --list fpga-regs && grep -q '"count":4' /tmp/said || said
}

# drawn NAME ADDRESS: a box of that name begins at that address
drawn()
{
	awk -v name="|$1," -v address="$2" '
		/^ *0x/ { here = $1 == address }
		here && index($0, name) { found = 1 }
		END { exit !found }' /tmp/said && return
	note "no box of $1 begins at $2"
	return 1
}

# Of 200 columns, so that no name is too long. Catches: a region that is missing or in
# another place, and main memory that is.
map_live()
{
	local name status=0

	run 0 $extmem map --live --ascii --width 200 || return 1
	for name in $names; do
		wanted "$name" phys_addr
		case $wanted_value in
		-)	grep -q "^  $name, .*: its address is not known$" /tmp/said ;;
		*)	drawn "${name##*.}" "$wanted_value" ;;
		esac || status=1
	done
	same 'regions and partitions' "$(echo "$names" | grep -vc '\.') regions, 3 partitions" \
		"$(sed -n '1s/.*: [^,]*, //p' /tmp/said)" || status=1
	for name in $(sed -n 's/^\([0-9a-f]*\)-.* : System RAM$/\1/p' /proc/iomem); do
		drawn 'System RAM' "$(printf '0x%x' "0x$name")" || status=1
	done
	[ $status = 0 ] || said
}

# A region that goes under it. Catches: a dump that seems whole.
unbound()
{
	local device

	device=$(basename "$(readlink -f $class/frames/device)")
	mkfifo /tmp/slow
	$extmem dump frames /tmp/slow >/tmp/said 2>&1 &
	exec 5</tmp/slow
	echo "$device" >$driver/unbind
	cat <&5 >/dev/null
	wait $!
	same 'the exit code' 5 $? || said || return 1
	grep -q 'frames has gone: .*bytes went to /tmp/slow' /tmp/said || said || return 1
	exec 5<&-
	echo "$device" >$driver/bind
	run 0 $extmem dump -n 4k frames /tmp/out
}

# Each result of the program's is one here.
live()
{
	/guest/live "$(echo "$names" | wc -l)" >/tmp/live 2>&1
	sed -n 's/^# //p' /tmp/live | while IFS= read -r line; do note "$line"; done
	sed -n 's/^\(not ok\|ok\) [0-9]* /\1:/p' /tmp/live >/tmp/results
	while IFS=: read -r verdict name; do
		case $name in
		*' # SKIP '*)	skip "library: ${name%% #*}" "${name#* # SKIP }"; continue ;;
		esac
		[ "$verdict" = ok ]
		result $? "library: $name"
	done </tmp/results
}

tests='list tree info registers round_trip:sram round_trip:nvram round_trip:ddr-window round_trip:frames
	stopped test_memory:sram test_memory:nvram busy permission read_only alloc bench:sram bench:nvram irq map_live unbound'
/guest/live "$(echo "$names" | wc -l)" >/tmp/live 2>&1
# shellcheck disable=SC2086 # a list
set -- $tests
plan $(($# + $(grep -cE '^(not )?ok ' /tmp/live) + 1))
same 'the library has its plan' 1 "$(grep -c '^1\.\.' /tmp/live)"
result $? 'library'
live
for test in "$@"; do
	if [ "$test" = irq ] && [ ! -d $class/fpga-regs/interrupts ]; then
		skip irq "fpga-regs has no interrupts on this board"
		continue
	fi
	if [ "$test" = alloc ] && [ ! -d $class/pool ]; then
		skip alloc 'this board has no region "pool"'
		continue
	fi
	case $test in
	*:*)	"${test%%:*}" "${test#*:}" ;;
	*)	"$test" ;;
	esac
	result $? "$test"
done
finish
