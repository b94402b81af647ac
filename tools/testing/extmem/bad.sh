#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What can go wrong, each with the one line that the command says of it and its exit code.

. "$(dirname "$0")/tap.sh"

sram=$BOARD/dev/extmem/sram

# as_nobody COMMAND...: one who owns nothing here
as_nobody()
{
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

# stopped AFTER COMMAND...: Ctrl-C after so many seconds
stopped()
{
	timeout --foreground --preserve-status -s INT "$@"
}

# at NUMBER COMMAND...: Ctrl-C when it gets at the sram for that time
at()
{
	faulty FAULT_FILE=/sram FAULT_AT="$1" FAULT_SIGNAL=2 "${@:2}"
}

# small COMMAND...: where a file can have 64 KiB
small()
{
	( trap '' XFSZ; ulimit -f 64; "$@" )
}

# --- what is not there ---

# Catches: an error that leaves one alone with the name.
for verb in info "read" "dump - -s 0" "peek 0" "poke 0 1" "fill 1" "test -d" bench; do
	read -r name arguments <<<"$verb"
	# shellcheck disable=SC2086 # a list
	case $name in
	dump)	set -- dump srma - ;;
	*)	set -- "$name" srma $arguments ;;
	esac
	says "no such region: $name" 3 'no region "srma"; there are: rom, fpga-regs, .*sram.like$' "$EXTMEM" "$@"
done
says "no such region: alloc" 3 'no region "srma"; there are: ' "$EXTMEM" alloc srma 4k
says "no such region: load" 3 'no region "srma"; there are: ' "$EXTMEM" load srma /dev/null
says "a path is no region" 3 'no region "../extmem/sram"' "$EXTMEM" peek ../extmem/sram 0
mkdir -p "$WORK/bare/class" "$WORK/empty/class/extmem"
says "module not loaded: list" 3 'the kernel has no extmem: .*modprobe extmem' \
	env EXTMEM_SYSFS="$WORK/bare" "$EXTMEM" list
says "module not loaded: read" 3 'the kernel has no extmem: .*modprobe extmem' \
	env EXTMEM_SYSFS="$WORK/bare" EXTMEM_DEV="$WORK/bare" "$EXTMEM" read sram
says "no regions" 0 'there are no regions; dmesg' env EXTMEM_SYSFS="$WORK/empty" "$EXTMEM" list
says "no such region, nor any other" 3 'nor any other; dmesg' \
	env EXTMEM_SYSFS="$WORK/empty" "$EXTMEM" info sram
says "no node in /dev" 3 'sram is not there, though the region is: mount devtmpfs' \
	env EXTMEM_DEV="$WORK/bare" "$EXTMEM" read sram
says "no such file to load" 3 'No such file' "$EXTMEM" load sram "$WORK/no-such"
says "no such folder to dump to" 3 'No such file' "$EXTMEM" dump sram "$WORK/no/such"
says "a folder to load" 2 'is a folder' "$EXTMEM" load sram "$WORK"

# --- what is not allowed ---

[ "$(id -u)" = 0 ] || chmod 000 "$sram"
mode=$(stat -c '%04a' "$sram" | sed 's/^/0/; s/^00*\(....\)$/\1/')
says "no permission: the mode, the owner and a rule" 4 \
	"sram: not allowed: it has mode $mode and is $(stat -c %U:%G "$sram")'s; .*udev rule: SUBSYSTEM==\"extmem\", KERNEL==\"sram\", GROUP=" \
	as_nobody "$EXTMEM" read sram
chmod 600 "$sram"
says "registers are no memory: test" 4 'fpga-regs is registers' "$EXTMEM" test -d fpga-regs
says "registers are no memory: bench" 4 'fpga-regs is registers' "$EXTMEM" bench fpga-regs
says "read-only: test" 4 'rom is read-only' "$EXTMEM" test -d rom
says "no pool: alloc" 4 'sram is no pool' "$EXTMEM" alloc sram 4k
sum=$(sha256sum <"$sram")
says "test without --destroy" 2 'say --destroy' "$EXTMEM" test sram
same "test without --destroy: nothing is written" "$sum" "$(sha256sum <"$sram")"

# --- what cannot be ---

says "no verb" 2 'say what to do' "$EXTMEM"
says "no such verb" 2 'no verb "lst"' "$EXTMEM" lst
says "no such option" 2 'no option --jsn; see extmem list --help' "$EXTMEM" list --jsn
says "no such option, of one letter" 2 'no option -x' "$EXTMEM" list -nx
says "a value that is missing" 2 '-w needs a value' "$EXTMEM" peek sram 0 -w
says "an argument that is missing" 2 'an argument is missing: extmem dump .*REGION FILE' "$EXTMEM" dump sram
says "an argument too many" 2 '"b" is too much' "$EXTMEM" dump sram a b
says "no such column" 2 'no column "nmae"' "$EXTMEM" list -o name,nmae
says "no column at all" 2 'needs the name of a column' "$EXTMEM" list -o ,
# Catches: a number that is cut to 64 bits, or half of which is read.
for size in 18446744073709551616 0x10000000000000000 16777216T 17179869184G 16E 1kk 1k2 -1 +1 ' 1' 0x '' x 1.5M; do
	says "a size that is none: \"$size\"" 2 'is no size of 64 bits' "$EXTMEM" read sram -s "$size"
done
says "an offset behind the end" 2 'sram ends at 0x100000' "$EXTMEM" read sram -s 0x100001
says "a length that overflows" 2 'sram ends at 0x100000: 0xffffffffffffffff bytes at 0x1 are not all in it' \
	"$EXTMEM" read sram -s 1 -n 0xffffffffffffffff
says "a count that overflows" 2 'are not in it' "$EXTMEM" peek sram 4 0x4000000000000000
says "peek at the end" 2 'rom ends at 0x10000' "$EXTMEM" peek rom 0x10000
says "peek across the end" 2 'are not in it' "$EXTMEM" peek -w 4 rom 0xfffc 2
says "unaligned peek of registers" 2 '0x2 is no multiple of 4: choose another offset or --width' \
	"$EXTMEM" peek fpga-regs 2
says "unaligned peek of 8 bytes" 2 '0x4 is no multiple of 8' "$EXTMEM" peek -w 8 fpga-regs 4
says "unaligned poke of registers" 2 'is no multiple of 2' "$EXTMEM" poke -w 2 fpga-regs 1 0
says "no width" 2 'is no width' "$EXTMEM" peek -w 3 sram 0
says "no byte order" 2 'write native, little or big' "$EXTMEM" peek -e middle sram 0
says "a value that does not fit" 2 '0x100 does not fit 1 bytes' "$EXTMEM" poke -w 1 sram 0 1 0x100
same "a value that does not fit: none is written" 77 "$(od -An -t x1 -N 1 "$sram" | tr -d ' ')"
says "all of the registers" 2 'say which to read by -s and -n' "$EXTMEM" read fpga-regs
says "fill: half a number" 2 'are no multiples of 4' "$EXTMEM" fill -w 4 -n 6 sram 0
says "write: no bytes" 2 'is no row of bytes' "$EXTMEM" write sram 'de a'
head -c 1M /dev/zero >"$WORK/large"
says "load: a file that does not fit" 2 'has 0x100000 bytes, and there is room for 0xfffff in sram from 0x1 on' \
	"$EXTMEM" load -s 1 sram "$WORK/large"
same "load: a file that does not fit: nothing is written" "$sum" "$(sha256sum <"$sram")"
says "resume where nothing can be left" 2 'cannot be resumed' "$EXTMEM" dump -r sram -

says "alloc: no bytes" 2 'a buffer of no bytes' "$EXTMEM" alloc pool 0
says "alloc: a size that overflows" 2 'is no size of 64 bits' "$EXTMEM" alloc pool 0x10000000000000000

# --- interrupts ---

# rings TIMES COMMAND...
rings()
{
	faulty FAULT_FILE=/fpga-regs FAULT_IRQ="$@"
}

says "irq: no such region" 3 'no region "srma"; there are: ' "$EXTMEM" irq srma
says "irq: no interrupts" 4 'sram has no interrupts: its node needs' "$EXTMEM" irq sram
says "irq: no interrupts: list" 4 'sram has no interrupts: its node needs' "$EXTMEM" irq -l sram
says "irq: no such number" 2 'fpga-regs has no interrupt 2' rings 0 "$EXTMEM" irq -i 2 fpga-regs
says "irq: no such name" 3 'fpga-regs has no interrupt "bell"' rings 0 "$EXTMEM" irq -i bell fpga-regs
says "irq: a number that overflows" 3 'has no interrupt "4294967296"' \
	rings 0 "$EXTMEM" irq -i 4294967296 fpga-regs
says "irq: a timeout that overflows" 2 'leave it out' "$EXTMEM" irq -t 4G fpga-regs
says "irq: a command whose output is in the way" 2 'run no command' "$EXTMEM" irq -j fpga-regs true
says "irq: it does not come" 5 'fpga-regs: interrupt 0 did not come within 1 s' \
	rings 1 "$EXTMEM" irq -c 2 -t 1 fpga-regs
# Catches: a wait that no signal ends, or that one ends without a word.
says "irq: Ctrl-C" 130 'fpga-regs: stopped by SIGINT; interrupt 0 came 1 of 2 times' \
	rings 1 timeout --foreground --preserve-status -s INT 2 "$EXTMEM" irq -c 2 fpga-regs
says "irq: Ctrl-C is how it ends" 0 "" \
	rings 1 timeout --foreground --preserve-status -s INT 2 "$EXTMEM" irq -c 0 fpga-regs
says "irq: the region goes" 5 'fpga-regs has gone: ' rings 1 env FAULT_GONE=1 "$EXTMEM" irq -c 2 fpga-regs
# shellcheck disable=SC2016 # another shell's
says "irq: disk full" 5 'standard output: No space left on device' \
	rings 1 sh -c '"$@" >/dev/full' sh "$EXTMEM" irq fpga-regs

# --- what goes wrong on the way ---

says "disk full: dump" 5 '/dev/full: No space left on device; 0 of 0x100000 bytes' "$EXTMEM" dump sram /dev/full
for verb in "list" "list -j" "info sram" "read sram" "peek sram 0" "dump -q sram $WORK/done" "--help" "test --help"; do
	# shellcheck disable=SC2016,SC2086 # a shell's dollars, a list
	says "disk full: $verb" 5 'standard output: No space left on device' \
		sh -c '"$@" >/dev/full' sh "$EXTMEM" $verb
done
part=$WORK/dump.sram-0x0-0x100000.part
says "disk full: a file" 5 "dump: File too large; 0x10000 of 0x100000 bytes are in $part, and --resume goes on" \
	small "$EXTMEM" dump sram "$WORK/dump"
same "disk full: the file has not its name" "65536 no" \
	"$(stat -c %s "$part") $([ -e "$WORK/dump" ] && echo yes || echo no)"
says "disk full: --resume" 0 "" "$EXTMEM" dump --resume sram "$WORK/dump"
ok "disk full: --resume: all is there" cmp "$sram" "$WORK/dump"
same "disk full: --resume: the sum of it all" "$(sha256sum <"$sram" | cut -d' ' -f1)  $WORK/dump" "$(cat "$WORK/out")"
ok "disk full: --resume: no more than that" test ! -e "$part"
truncate -s 2M "$part"
says "resume: what was left is too much" 5 'has more than .*: remove it' "$EXTMEM" dump -r sram "$WORK/dump"
# shellcheck disable=SC2016 # another shell's
says "dump: another is writing the same" 4 'another dump is writing it' \
	sh -c 'exec 9>"$1"; flock 9; "$2" dump -r sram "$3"' sh "$part" "$EXTMEM" "$WORK/dump"
rm "$part"

# Catches: a dump that goes on for nobody, dies without a word, or says it is done.
for verb in "dump sram -" "read --raw sram" "read sram"; do
	# shellcheck disable=SC2016,SC2086
	says "pipe closed: $verb" 5 'standard output: Broken pipe; 0x?[0-9a-f]* of 0x100000 bytes' \
		bash -c '"$@" | head -c 1000 >/dev/null; exit "${PIPESTATUS[0]}"' bash "$EXTMEM" $verb
done

# Catches: a dump that has the name of a whole one, bytes in the middle that are missing.
rm -f "$WORK/dump"
says "Ctrl-C: dump" 130 "sram: stopped by SIGINT; 0x80000 of 0x100000 bytes are in $part, and --resume goes on" \
	at 2 "$EXTMEM" dump sram "$WORK/dump"
ok "Ctrl-C: dump: the file has not its name" test ! -e "$WORK/dump"
ok "Ctrl-C: dump: it has what it says" cmp "$part" <(head -c 512K "$sram")
says "Ctrl-C: dump --resume" 0 "" "$EXTMEM" dump -r sram "$WORK/dump"
ok "Ctrl-C: dump --resume: all is there" cmp "$sram" "$WORK/dump"
says "Ctrl-C: before the first byte" 130 'stopped by SIGINT; nothing was written' \
	at 0 "$EXTMEM" dump sram "$WORK/dump2"
same "Ctrl-C: before the first byte: nothing is left" 0 "$(find "$WORK" -name 'dump2*' | wc -l)"
head -c 1M /dev/urandom >"$WORK/in"
cp "$sram" "$WORK/before"
says "Ctrl-C: load" 130 'sram: stopped by SIGINT; sram has the first 0xa0000 bytes, and behind them what it had: --resume goes on' \
	at 2 "$EXTMEM" load sram "$WORK/in"
ok "Ctrl-C: load: it has what it says" cmp "$sram" <(head -c 640K "$WORK/in"; tail -c 384K "$WORK/before")
says "Ctrl-C: load --resume" 0 "" "$EXTMEM" load -r sram "$WORK/in"
ok "Ctrl-C: load --resume: all is there" cmp "$sram" "$WORK/in"
says "Ctrl-C: load --resume, while it compares" 130 'stopped by SIGINT; nothing was written' \
	at 2 "$EXTMEM" load -r sram "$WORK/in"
mkfifo "$WORK/fifo"
# shellcheck disable=SC2016 # another shell's
says "Ctrl-C: load, waiting for its input" 130 'stopped by SIGINT; nothing was written' \
	stopped 5 sh -c 'exec "$@" <>"$0"' "$WORK/fifo" "$EXTMEM" load sram -
says "Ctrl-C: cmp" 130 'stopped by SIGINT; the first 0x80000 bytes are the same' at 2 "$EXTMEM" cmp sram "$WORK/in"
says "Ctrl-C: read" 130 'stopped by SIGINT after 0x80000 of 0x100000 bytes' at 2 "$EXTMEM" read --raw sram
says "Ctrl-C: fill" 130 'stopped by SIGINT; 0xa0000 bytes are written, the rest is as it was' \
	at 2 "$EXTMEM" fill sram 0
says "Ctrl-C: test" 130 'stopped by SIGINT in "walking bits"; .* what was in it is lost' \
	at 2 "$EXTMEM" test -d sram
says "Ctrl-C: test, before it begins" 130 'stopped by SIGINT in "walking bits"; .* what was in it is lost' \
	at 0 "$EXTMEM" test -d sram
says "Ctrl-C: bench" 130 'stopped by SIGINT in "read' at 2 "$EXTMEM" bench sram
says "SIGTERM: dump" 143 'stopped by SIGTERM; 0x40000 of' \
	faulty FAULT_FILE=/sram FAULT_AT=1 FAULT_SIGNAL=15 "$EXTMEM" dump sram "$WORK/dump3"
says "list --watch: Ctrl-C is how it ends" 0 "" stopped 5 "$EXTMEM" list -w

# Catches: a loop without end, a dump that seems whole.
says "a region that shrinks" 5 'the region is shorter than it was; 0x40000 of 0x100000 bytes are in' \
	faulty FAULT_FILE=/sram FAULT_AT=1 FAULT_SIZE=0x40000 "$EXTMEM" dump sram "$WORK/dump4"
truncate -s 1M "$sram"

# --- sysfs that changes while it is read ---

rm "$BOARD/sys/class/extmem/sram.like/size"
says "a region that goes: list" 0 "" "$EXTMEM" list
same "a region that goes: list has the others" 7 "$("$EXTMEM" list -n | wc -l)"
says "a region that goes: info" 3 'sram.like came or went while it was read; .*try again' "$EXTMEM" info sram.like
churn()
{
	while [ ! -e "$WORK/stop" ]; do
		mv "$BOARD/sys/class/extmem/rom" "$BOARD/sys/class/extmem/gone"
		rm -f "$BOARD/sys/class/extmem/nvram/type"
		mv "$BOARD/sys/class/extmem/gone" "$BOARD/sys/class/extmem/rom"
		fake_fact "$BOARD/sys/class/extmem/nvram/type" nvram
	done
}
churn &
bad=0
for _ in {1..100}; do
	"$EXTMEM" list --json >>"$WORK/lists" 2>>"$WORK/churn" || bad=$((bad + 1))
done
touch "$WORK/stop"
wait
same "regions that come and go: nothing is said" "0 " "$bad $(cat "$WORK/churn")"
same "regions that come and go: each list is whole" 100 "$(python3 -c '
import json, sys
text, count = sys.stdin.read(), 0
while text.strip():
    list, end = json.JSONDecoder().raw_decode(text)
    names = [region["name"] for region in list["regions"]]
    assert {"sram", "nvram", "nvram.env"} <= set(names) and len(names) == len(set(names)), names
    text, count = text[end:].lstrip(), count + 1
print(count)' <"$WORK/lists")"
finish
