#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the verbs do when all is well, compared with what others say of the same files.

. "$(dirname "$0")/tap.sh"

sram=$BOARD/dev/extmem/sram
sum_of() { sha256sum <"$1" | cut -d' ' -f1; }

# --- list and info ---

# Catches: a wrong order, a partition that stands alone, a column of another's.
same "list" "\
NAME              TYPE   POLICY         EFFECTIVE      SIZE  BACKEND   ACCESS  STATE  ADDRESS
rom               rom    write-combine  write-combine  64k   memremap  ro      ready  0x4000000
fpga-regs         mmio   uncached       uncached       4k    ioremap   rw      ready  0x9010000
pool              cma    write-back     write-back     8M    cma       rw      ready  0x56000000
sram              ram    write-combine  write-combine  1M    memremap  rw      ready  0x90000000
nvram             nvram  write-back     write-back     256k  memremap  rw      ready  0x90100000
|- nvram.env      nvram  write-back     write-back     64k   memremap  rw      ready  0x90100000
\`- nvram.journal  nvram  write-back     write-back     128k  memremap  rw      ready  0x90120000
sram.like         ram    write-back     write-back     6k    memremap  rw      ready  0xa0000000" \
	"$(LC_ALL=C "$EXTMEM" list)"
same "list: the tree in UTF-8" "├─ nvram.env└─ nvram.journal" \
	"$(LC_ALL=C.UTF-8 "$EXTMEM" list -n -o name | grep '─' | tr -d '\n')"
same "list: columns" "pool 65536 -" "$("$EXTMEM" list -nlo NAME,in-use,parent | grep pool | tr -s ' ')"
same "list: more columns" "sram 1M 0x90000000 no" \
	"$("$EXTMEM" list -o +direct-io | awk '$1 == "sram" { print $1, $5, $9, $10 }')"
same "list: bytes" 0x100000 "$("$EXTMEM" list -nblo size,name | awk '$2 == "sram" { print $1 }')"
ok "info: a fact" grep -qx 'cache_policy_effective  write-combine' <("$EXTMEM" info sram)
ok "info: a partition" grep -qx 'partition  *nvram.env  64 KiB' <("$EXTMEM" info nvram)
# Catches: a difference that nobody is told of.
chmod 644 "$BOARD/sys/class/extmem/sram/cache_policy_effective"
echo uncached >"$BOARD/sys/class/extmem/sram/cache_policy_effective"
ok "info: not as asked for" grep -q 'uncached  (not what was asked for' <("$EXTMEM" info sram)
echo write-combine >"$BOARD/sys/class/extmem/sram/cache_policy_effective"

# Catches: a watch that does not see a change, or does not end.
timeout --foreground -s INT 3 "$EXTMEM" list --watch -nlo name >"$WORK/watch" &
watch=$!
sleep 1
fake_region "$BOARD" late ram write-back 0x1000 0xb0000000 memremap rw
wait $watch
same "list --watch: a region that comes" "8 9" \
	"$(awk 'BEGIN { RS = "" } { printf "%s%d", (NR > 1 ? " " : ""), NF }' "$WORK/watch")"

# --- read, peek ---

# Catches: bytes in another order, of another offset, or a line too many.
"$EXTMEM" read rom -s 0x10 -n 40 >"$WORK/found"
same "read" "\
00000010  74 68 65 20 62 6f 61 72  64 27 73 20 52 4f 4d 2e  |the board's ROM.|
00000020  0a 65 78 74 6d 65 6d 3a  20 74 68 69 73 20 69 73  |.extmem: this is|
00000030  20 74 68 65 20 62 6f 61                           | the boa|
00000038" "$(cat "$WORK/found")"
same "read: lines that are the same" "00000000 * 00001800" \
	"$("$EXTMEM" read sram.like | awk '{ print $1 }' | tr '\n' ' ' | sed 's/ $//')"
ok "read --raw" cmp <("$EXTMEM" read --raw sram -s 12345 -n 300001) \
	<(tail -c +12346 "$sram" | head -c 300001)
for width in 1 2 4 8; do
	same "read --width $width" "$(od -An -v -t x$width -j 16 -N 64 -w16 "$sram" | tr -d ' \n')" \
		"$("$EXTMEM" read -w $width -s 16 -n 64 sram | sed '$d; s/^[^ ]* //' | tr -d ' \n')"
	same "peek --width $width" "0x$(od -An -t x$width -j 40 -N $width "$sram" | tr -d ' ')" \
		"$("$EXTMEM" peek -w $width sram 40)"
done
same "peek: several" "0x00000008: 0x2073692073696874 0x00000010: 0x72616f6220656874" \
	"$("$EXTMEM" peek -w 8 rom 8 2 | tr '\n' ' ' | sed 's/ $//')"

# --- poke, write, fill ---

"$EXTMEM" poke -e big -w 4 sram 0x20 0x11223344 85
same "poke: big-endian, and the next" "1122334400000055" \
	"$(od -An -t x1 -j 32 -N 8 "$sram" | tr -d ' ')"
"$EXTMEM" poke -e little -w 2 sram 0x20 0xa1b2
same "poke: little-endian, no byte beside it" "b2a13344" "$(od -An -t x1 -j 32 -N 4 "$sram" | tr -d ' ')"
same "peek: big-endian" 0xb2a1 "$("$EXTMEM" peek -e big -w 2 sram 0x20)"
"$EXTMEM" write sram -s 1k 'de ad BEEF'
"$EXTMEM" write sram -s 1028 -t 'text'
echo -n stream | "$EXTMEM" write sram -s 1032
same "write" "$(printf '\xde\xad\xbe\xeftextstream' | od -An -c)" "$(od -An -c -j 1024 -N 14 "$sram")"
cp "$sram" "$WORK/before"
"$EXTMEM" fill sram -s 4k -n 1028 -w 4 0xdeadbeef
python3 -c 'import struct,sys; d=bytearray(open(sys.argv[1],"rb").read())
d[4096:4096+1028]=struct.pack("=I",0xdeadbeef)*257; open(sys.argv[1],"wb").write(d)' "$WORK/before"
ok "fill, and nothing beside it" cmp "$WORK/before" "$sram"
"$EXTMEM" fill nvram 0x5a
same "fill: all of it" "Z" "$(tr -s Z <"$BOARD/dev/extmem/nvram")"

# --- dump, load, cmp ---

"$EXTMEM" dump sram "$WORK/dump" >"$WORK/sum"
ok "dump" cmp "$WORK/dump" "$sram"
ok "dump: its sum, as sha256sum has it" sha256sum -c "$WORK/sum"
"$EXTMEM" dump -s 4097 -n 70001 sram "$WORK/dump" >/dev/null
ok "dump: a part, over a file" cmp "$WORK/dump" <(tail -c +4098 "$sram" | head -c 70001)
same "dump: nothing left beside it" 0 "$(find "$WORK" -name '*.part' | wc -l)"
ok "dump: to a pipe" cmp "$sram" <("$EXTMEM" dump sram - 2>"$WORK/err")
same "dump: to a pipe, its sum" "$(sum_of "$sram")  -" "$(cat "$WORK/err")"
ln -s dump "$WORK/link"
"$EXTMEM" dump nvram "$WORK/link" >/dev/null
ok "dump: through a link" test -L "$WORK/link" -a "$(stat -c %s "$WORK/dump")" = 262144

# Catches: a sum that is wrong at one of the places where blocks end.
for length in 0 1 55 56 57 63 64 65 119 120 127 128 4095 262143 262144 262145; do
	printf '%s\n' "$("$EXTMEM" dump -n $length sram - 2>&1 >/dev/null)" \
		"$(head -c $length "$sram" | sha256sum)"
done | uniq -c >"$WORK/sums"
same "dump: sums of all lengths" 16 "$(grep -c '^ *2 ' "$WORK/sums")"

head -c 100000 /dev/urandom >"$WORK/in"
cp "$sram" "$WORK/before"
same "load: its sum" "$(sum_of "$WORK/in")  $WORK/in" "$("$EXTMEM" load --verify -s 3 sram "$WORK/in")"
dd if="$WORK/in" of="$WORK/before" bs=1 seek=3 conv=notrunc status=none
ok "load, and nothing beside it" cmp "$WORK/before" "$sram"
ok "load: from a pipe" "$EXTMEM" load sram - <"$WORK/in"
ok "cmp: the same" "$EXTMEM" cmp sram "$WORK/in"
printf X | dd of="$sram" bs=1 seek=70000 conv=notrunc status=none
byte=$(od -An -t x1 -j 70000 -N 1 "$WORK/in" | tr -d ' ')
says "cmp: differs: exit code 1" 1 "" "$EXTMEM" cmp sram "$WORK/in"
same "cmp: the first difference" \
	"sram and $WORK/in differ: at 0x11170, 0x58 is in the region and 0x$byte in the file" "$(cat "$WORK/out")"
head -c 2M /dev/zero >"$WORK/large"
"$EXTMEM" fill sram 0
says "cmp: a file that goes on" 1 "" "$EXTMEM" cmp sram "$WORK/large"
says "cmp: as far as asked for" 0 "" "$EXTMEM" cmp -n 1M sram "$WORK/large"
head -c 4k /dev/zero >"$WORK/zeros"
says "load: verified against a stuck bit" 1 'sram: at 0x123, 0x00 was written and 0x40 is read back' \
	faulty FAULT_FILE=/sram FAULT_OFFSET=0x123 FAULT_BITS=0x40 "$EXTMEM" load -v sram "$WORK/zeros"

# --- alloc ---

# pool COMMAND...
pool()
{
	faulty FAULT_FILE=/pool FAULT_POOL=0x100000 "$@"
}

# Catches: a buffer that is closed before the command runs, or whose facts are another's.
# shellcheck disable=SC2016 # another shell's
same "alloc: what its command has" "0x2000 0x56000000 8192" \
	"$(pool "$EXTMEM" alloc pool 5000 -- sh -c 'echo $EXTMEM_LENGTH $EXTMEM_DMA_ADDR $(stat -Lc %s /proc/self/fd/$EXTMEM_FD)')"
says "alloc: the exit code is its command's" 7 "" pool "$EXTMEM" alloc pool 4k sh -c 'exit 7'
says "alloc: no such command" 127 'no-such-command: No such file' pool "$EXTMEM" alloc pool 4k no-such-command
# A background command of bash's does not hear Ctrl-C.
env LD_PRELOAD="$FAULT" FAULT_FILE=/pool FAULT_POOL=0x100000 "$EXTMEM" alloc pool 5000 >"$WORK/out" &
while [ ! -s "$WORK/out" ] && kill -0 $! 2>/dev/null; do
	sleep 0.2
done
kill $!
wait $!
same "alloc: held until it is told to end" 0 $?
same "alloc: held: its facts" "pool pool length 0x2000 dma_addr 0x56000000" "$(tr -s ' \n' ' ' <"$WORK/out" | sed 's/ $//')"
says "alloc: no room" 5 'pool has no room for 0x200000 bytes in one piece' pool "$EXTMEM" alloc pool 2M true
same "info --ask" "mappable no coherent no io_width 4 " "$(pool "$EXTMEM" info --ask pool | tail -n 3 | tr -s ' \n' ' ')"

# --- irq ---

# rings TIMES COMMAND...
rings()
{
	faulty FAULT_FILE=/fpga-regs FAULT_IRQ="$@"
}

same "irq --list" "INDEX NAME TRIGGER STATE COUNT 0 alarm level - 0 1 frame edge - 0" \
	"$(rings 0 "$EXTMEM" irq --list fpga-regs | tr -s ' \n' ' ' | sed 's/ $//')"
# Catches: a level that is not armed again, one event too few or too many.
same "irq: once" "alarm: 1 new, 1 in all" "$(rings 9 "$EXTMEM" irq fpga-regs)"
same "irq: three times, by name" "alarm: 1 new, 3 in all" \
	"$(rings 9 "$EXTMEM" irq -c 3 -i alarm fpga-regs | sed -n '$p')"
same "irq: its command runs each time" "xx" \
	"$(rings 9 "$EXTMEM" irq -c 2 -i 0 fpga-regs -- printf x | grep -o 'x' | tr -d '\n')"
says "irq: its command fails" 5 'sh: exit code 3: the interrupt is not armed again' \
	rings 9 "$EXTMEM" irq -c 2 fpga-regs sh -c 'exit 3'
says "irq: no such command" 127 'no-such-command: No such file' \
	rings 9 "$EXTMEM" irq fpga-regs no-such-command

# --- test, bench ---

says "test: good memory" 0 "" "$EXTMEM" test --destroy --seed 7 sram
same "test: good memory" "sram: 1 MiB are good: walking bits, addresses, random numbers from seed 0x7" "$(cat "$WORK/out")"
# Catches: a cell that no pattern finds, another address, a part that is not tested.
for bad in 0x0:1 0x777:0x80 0xffff:4 0xfffff:0x10; do
	address=$(printf '%#x' $((0x90000000 + ${bad%:*})))
	says "test: a stuck bit at ${bad%:*}" 1 "sram: bad byte at $(printf '0x%x' $((${bad%:*}))) \(physical address $address\)" \
		faulty FAULT_FILE=/sram FAULT_OFFSET="${bad%:*}" FAULT_BITS="${bad#*:}" "$EXTMEM" test -d sram
done
says "test: a part, beside the bad cell" 0 "" \
	faulty FAULT_FILE=/sram FAULT_OFFSET=0x1000 FAULT_BITS=1 "$EXTMEM" test -d -s 0x1001 -n 4095 sram
cp "$sram" "$WORK/before"
says "bench" 0 "" "$EXTMEM" bench -w -t 5 sram
same "bench: its rows" "6 4 2" "$(awk 'NF { n++ } /MB\/s/ { m++ } / ns/ { l++ } END { print n, m, l }' "$WORK/out")"
ok "bench: changes nothing" cmp "$WORK/before" "$sram"
finish
