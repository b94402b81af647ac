#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Pictures: what is in them, that they are XML, that nothing is written over anything else,
# and that they fit where they are shown.
. "$(dirname "$0")/lib.sh"

tree=$board_tests/trees/picture.dts
"$EXTMEM" map -o "$WORK/a.svg" "$tree"

# measure FILE: each box with its title, and what is wrong with the picture
measure()
{
	python3 - "$1" <<'PYTHON'
import sys, xml.etree.ElementTree as ET
ns = "{http://www.w3.org/2000/svg}"
root = ET.parse(sys.argv[1]).getroot()
width, height = (float(v) for v in root.get("viewBox").split()[2:])
if width != 1000:
    print("not 1000 pixels wide")
boxes = []
for group in root.iter(ns + "g"):
    rect = group.find(ns + "rect")
    if rect is None:
        continue
    x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
    title = group.find(ns + "title").text.split("\n")
    boxes.append((x, y, w, h, title[0]))
    if x < 0 or y < 0 or x + w > width or y + h > height:
        print("outside:", title[0])
    if h < 16:
        print("too low to be read:", title[0], h)
    for text in group.findall(ns + "text"):
        letters = sum(len(t.text or "") for t in text.iter(ns + "tspan"))
        if letters * 6.0 > w:
            print("wider than its box:", title[0])
        if not y < float(text.get("y")) < y + h:
            print("text outside of its box:", title[0])
for i, a in enumerate(boxes):
    for b in boxes[:i]:
        if a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]:
            print("on each other:", a[4], b[4])
if "prefers-color-scheme: dark" not in root.find(ns + "style").text:
    print("no dark colours")
if not boxes:
    print("nothing is drawn")
PYTHON
}

titles()
{
	python3 -c '
import sys, xml.etree.ElementTree as ET
ns = "{http://www.w3.org/2000/svg}"
for group in ET.parse(sys.argv[1]).getroot().iter(ns + "g"):
    rect = group.find(ns + "rect")
    if rect is not None:
        lines = group.find(ns + "title").text.split("\n")
        print(rect.get("class").split()[1], lines[0], *lines[1].split(",")[:1])' "$1"
}

same "nothing is wrong with it" "" "$(measure "$WORK/a.svg")"
same "each thing with its look and its addresses" \
"memory Main memory, of /memory 0x100000000-0x1ffffffff
no-map /reserved-memory/frames@150000000 0x150000000-0x1503fffff
reserved /reserved-memory/pool@160000000 0x160000000-0x1607fffff
write-combine frames 0x150000000-0x1503fffff
write-back one 0x160000000-0x1607fffff
write-back two 0x160000000-0x1607fffff
write-back sram 0x80001000-0x80001fff
write-back sram.a 0x80001000-0x800017ff
write-back sram.b 0x80001800-0x80001fff
refused 0x80003000-0x80003fff Refused: /bad@80003000: cache-policy: \"write-back\" is refused for memory-type \"mmio\"; use \"uncached\"" \
	"$(titles "$WORK/a.svg")"
same "what has no address is said below" 1 \
	"$(grep -c 'class="small">refused: /lost@80005000: memory-type: &quot;dram&quot;' "$WORK/a.svg")"
same "the model is text" 1 "$(grep -c '<text [^>]*>Board &lt;A&gt; &amp; &quot;B&quot;</text>' "$WORK/a.svg")"
same "standard output has the same" "" \
	"$("$EXTMEM" map -o - "$tree" | cmp - "$WORK/a.svg" 2>&1)"
same "its mode is that of other files" "$(umask 022; touch "$WORK/touched"; stat -c %a "$WORK/touched")" \
	"$(umask 022; "$EXTMEM" map -o "$WORK/mode.svg" "$tree"; stat -c %a "$WORK/mode.svg")"

# --- the terminal ---

export LC_ALL=C.UTF-8
# text [OPTION...]: without colours, for it is a pipe
text()
{
	"$EXTMEM" map "$@" "$tree"
}

for width in 60 80 132; do
	same "no line is longer than $width" yes \
		"$([ "$(text --width $width | sed '/^  refused: /d' | wc -L)" -le $width ] && echo yes)"
done
same "the width of COLUMNS" "$(text --width 100)" "$(COLUMNS=100 text)"
text --width 132 >"$WORK/text"
for word in 'main memory' 'frames, 4 MiB' 'sram, 4 KiB' 'a, 2 KiB' 'b, 2 KiB, ro' 'bad, refused' \
	0x80001000 0x1ffffffff '1.9 GiB'; do
	ok "it has \"$word\"" grep -qF "$word" "$WORK/text"
done
same "box characters" 5 "$(grep -o '[┌┐└┘├]' "$WORK/text" | sort -u | wc -l)"
same "none with --ascii" "" "$(text --ascii | LC_ALL=C grep '[^ -~]')"
same "none in a locale without" "" "$(LC_ALL=C text | LC_ALL=C grep '[^ -~]')"
colours()
{
	TERM=xterm script -qec "$(printf '%q ' "$EXTMEM" map "$tree")" /dev/null </dev/null |
		grep -o $'\033\\[3[0-9]m' | sort -u | wc -l
}
same "colours on a terminal: a refusal, two policies, reservations" 4 "$(colours)"
same "none with NO_COLOR" 0 "$(NO_COLOR=1 colours)"

# --- this machine ---

live=$WORK/machine
mkdir -p "$live/proc"
cp -a "$BOARD/sys" "$BOARD/dev" "$live/"
cat >"$live/proc/iomem" <<'IOMEM'
40000000-5fffffff : System RAM
  40210000-412fffff : Kernel code
60000000-600fffff : reserved
90000000-900fffff : sram
IOMEM
"$EXTMEM" map --live --root "$live" -o "$WORK/live.svg"
same "live: nothing is wrong with it" "" "$(measure "$WORK/live.svg")"
same "live: memory, reservations, regions, partitions" "memory System RAM 0x40000000-0x5fffffff
no-map reserved 0x60000000-0x600fffff
uncached fpga-regs 0x9010000-0x9010fff
write-back nvram 0x90100000-0x9013ffff
write-back nvram.env 0x90100000-0x9010ffff
write-back nvram.journal 0x90120000-0x9013ffff
write-back pool 0x56000000-0x567fffff
write-back sram.like 0xa0000000-0xa00017ff
write-combine rom 0x4000000-0x400ffff
write-combine sram 0x90000000-0x900fffff" "$(titles "$WORK/live.svg" | sort)"
sed -i 's/^[0-9a-f]*-[0-9a-f]*/00000000-00000000/' "$live/proc/iomem"
same "live: who is not root is told what is missing" 1 \
	"$("$EXTMEM" map --live --root "$live" | grep -c 'tells its addresses to root alone')"
rm -r "$live/sys/class/extmem"
says "live: no extmem" 3 'the kernel has no extmem' "$EXTMEM" map --live --root "$live"
says "--root without --live" 2 'it goes with --live' "$EXTMEM" map --root "$live" "$tree"
says "--live and a board" 2 'is too much' "$EXTMEM" map --live "$tree"
says "a width that is none" 2 'is no number from 60 to 240' "$EXTMEM" map --width 20 "$tree"
finish
