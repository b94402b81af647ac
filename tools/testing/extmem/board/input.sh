#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is no device tree, or cannot be read, or written to: one clear line each, and an exit
# code. An answer by a sanitizer has another code, and more lines.
. "$(dirname "$0")/lib.sh"

trees=$board_tests/trees
mkdir "$WORK/hostile"
# What a fuzzer finds goes to hostile.py, too.
ok "hostile trees are made" "$board_tests/hostile.py" "$WORK/hostile"
while read -r name code text; do
	file=$WORK/hostile/$name.dtb
	says "check: $name" "$code" "${text:+$text}" "$EXTMEM" check "$file"
	# A picture has no opinion of a region.
	[ "$code" != 1 ] || code=0
	if [ "$name" = many-regions ]; then
		code=2 text="more than 2000 things to draw"
	fi
	says "map: $name" "$code" "$text" "$EXTMEM" map "$file"
done < <(grep -v '^#' "$board_tests/hostile.messages")
same "each hostile tree has a line" "$(grep -v '^#' "$board_tests/hostile.messages" | sed 's/\t.*//' | sort)" \
	"$(cd "$WORK/hostile" && printf '%s\n' *.dtb | sed 's/\.dtb$//' | sort)"

# Names of a stranger, on a terminal and in a picture.
same "nothing of a tree controls the terminal" "" \
	"$("$EXTMEM" check "$WORK/hostile/escape.dtb" | tr -d '\n' | grep -a '[[:cntrl:]]')"
"$EXTMEM" map -o "$WORK/escape.svg" "$WORK/hostile/escape.dtb"
same "nothing of a tree is a tag" "" "$(grep '<script' "$WORK/escape.svg")"

# --- what cannot be read ---

mkdir "$WORK/empty"
printf '%s\n' '/dts-v1/;' '/ { x = ; };' >"$WORK/bad.dts"
printf '%s\n' '/dts-v1/;' '#include "nowhere.h"' '/ { };' >"$WORK/include.dts"
printf '%s\n' '/dts-v1/;' '/plugin/;' '&{/} { x; };' >"$WORK/part.dts"
# closed COMMAND...: its standard output is a pipe that nobody reads any more
closed()
{
	python3 -c '
import os, signal, subprocess, sys
r, w = os.pipe()
os.close(r)
code = subprocess.run(sys.argv[1:], stdout=w).returncode
sys.exit(code if code >= 0 else 128 - code)' "$@"
}

for verb in check map; do
	says "$verb: no such file" 3 'nothing.dts: No such file' "$EXTMEM" "$verb" "$WORK/nothing.dts"
	says "$verb: an empty folder" 2 'no device tree in this folder' "$EXTMEM" "$verb" "$WORK/empty"
	says "$verb: an overlay" 2 'it is an overlay; put it on its board' "$EXTMEM" "$verb" "$WORK/part.dts"
	says "$verb: a syntax error" 2 'dtc refuses it: .*bad.dts:2.* syntax error' "$EXTMEM" "$verb" "$WORK/bad.dts"
	says "$verb: an include that is not there" 2 'cpp refuses it: .*nowhere.h' "$EXTMEM" "$verb" "$WORK/include.dts"
	says "$verb: no dtc" 3 'it takes dtc to read it; install device-tree-compiler' \
		env PATH=/nonexistent "$EXTMEM" "$verb" "$trees/clean.dts"
	says "$verb: no argument" 2 'an argument is missing' "$EXTMEM" $verb
	says "$verb: two arguments" 2 'is too much' "$EXTMEM" "$verb" a b
	says "$verb: no such machine" 2 '"z80" is not known; use arm64' "$EXTMEM" "$verb" --arch z80 "$trees/clean.dts"
	says "$verb: no such size of pages" 2 'use 4k, 16k or 64k' "$EXTMEM" "$verb" --page-size 5k "$trees/clean.dts"
	says "$verb: a full disk" 5 'standard output: No space left' \
		bash -c '"$@" >/dev/full' bash "$EXTMEM" "$verb" "$WORK/hostile/good.dtb"
	says "$verb: a closed pipe" 5 'standard output: Broken pipe' \
		closed "$EXTMEM" "$verb" "$WORK/hostile/good.dtb"
done

# unreadable: root can read it all the same
chmod 000 "$WORK/bad.dts"
if [ "$(id -u)" != 0 ]; then
	says "not allowed" 4 'Permission denied' "$EXTMEM" check "$WORK/bad.dts"
elif command -v setpriv >/dev/null; then
	chmod 711 "$WORK"
	says "not allowed" 4 'Permission denied' \
		setpriv --reuid=65534 --clear-groups "$EXTMEM" check "$WORK/bad.dts"
else
	skip "not allowed" "root may do all, and there is no setpriv"
fi

# --- pictures that cannot be written ---

good=$WORK/hostile/good.dtb
mkdir "$WORK/drawn"
says "map -o: a full disk" 5 'map: /dev/full: No space left' "$EXTMEM" map -o /dev/full "$good"
says "map -o: no such folder" 3 'nowhere/a.svg: No such file' "$EXTMEM" map -o "$WORK/nowhere/a.svg" "$good"
# A file may not grow: what the end of the disk is to one beside the picture.
echo before >"$WORK/drawn/a.svg"
says "map -o: the disk fills up on the way" 5 'drawn/a.svg: File too large' \
	bash -c 'trap "" XFSZ; ulimit -f 1; "$@"' bash "$EXTMEM" map -o "$WORK/drawn/a.svg" "$good"
same "what was there is there, and nothing else" "a.svg before" \
	"$(ls "$WORK/drawn") $(cat "$WORK/drawn/a.svg")"

cc -shared -fPIC -o "$WORK/interrupt.so" "$board_tests/interrupt.c" -ldl
says "map -o: a signal" 143 'drawn/a.svg: SIGTERM; nothing is written' \
	env LD_PRELOAD="$WORK/interrupt.so" "$EXTMEM" map -o "$WORK/drawn/a.svg" "$good"
same "what was there is there, and nothing else, after a signal" "a.svg before" \
	"$(ls "$WORK/drawn") $(cat "$WORK/drawn/a.svg")"
finish
