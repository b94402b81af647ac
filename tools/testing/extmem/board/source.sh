#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A source: what is found has its file and its line, whichever way the source was included.
. "$(dirname "$0")/lib.sh"

trees=$board_tests/trees

lines_of()
{
	"$EXTMEM" check --arch arm64 "$1" | sed -nE 's,^([^ ]*): error: ([^ ]*): ([^ ]*): .*,\1 \2 \3,p'
}

# The board has the last word on a property, and its own line.
same "files and lines" "$trees/errors.dts:10 /sram@80000000 cache-policy
$trees/errors.dtsi:18 /rom@80001000 memory-type
$trees/errors.dts:23 /overlaps@81000800 reg
$trees/errors.dts:37 /page@82000800 cache-policy
$trees/errors.dts:44 /same-name@83000000 label
$trees/errors.dts:60 /parts@84000000/b@400 reg
$trees/errors.dts:64 /parts@84000000/c@c00 reg" "$(lines_of "$trees/errors.dts")"
same "as seen from its folder" "errors.dts:10" \
	"$(cd "$trees" && lines_of errors.dts | sed -n '1s/ .*//p')"

# dtc's own way to include, where cpp is not run; and from a folder that is named.
mkdir "$WORK/inc"
printf '%s\n' '/ {' '	rom@1000 {' '		memory-type = "prom";' '	};' '};' >"$WORK/inc/rom.dtsi"
cat >"$WORK/include.dts" <<'EOF'
/dts-v1/;
/ {
	#address-cells = <1>; #size-cells = <1>;
	label: rom@1000 { compatible = "extmem-region"; reg = <0x1000 0x1000>; };
};
/include/ "rom.dtsi"
EOF
same "included by dtc, from -I" "$WORK/inc/rom.dtsi:3" \
	"$("$EXTMEM" check --arch arm64 -I "$WORK/inc" "$WORK/include.dts" | sed -n 's/: error: .*//p')"
sed -i 's,^/include/,#include,' "$WORK/include.dts"
same "included by cpp, from -I" "$WORK/inc/rom.dtsi:3" \
	"$("$EXTMEM" check --arch arm64 -I "$WORK/inc" "$WORK/include.dts" | sed -n 's/: error: .*//p')"

# Strings and labels that look like the structure of what dtc prints.
cat >"$WORK/odd.dts" <<'EOF'
/dts-v1/;
/ {
	a { model = "x { /* odd.dts:99 */", "};", "\n};\n"; };
	l1: l2: b@1000 {
		compatible = "extmem-region";
		l3: reg = l4: <0x1000>;
		memory-type = "ram";
	};
};
EOF
same "strings like nodes" "$WORK/odd.dts:6" \
	"$("$EXTMEM" check --arch arm64 "$WORK/odd.dts" | sed -n 's/: error: .*//p')"

# The same tree, without a source.
dtc -q -I dts -O dtb -o "$WORK/odd.dtb" "$WORK/odd.dts"
same "no line of a blob" "$WORK/odd.dtb" \
	"$("$EXTMEM" check --arch arm64 "$WORK/odd.dtb" | sed -n 's/: error: .*//p')"

# As in /proc/device-tree: a folder for a node, a file for a property.
unfold()
{
	python3 - "$1" "$2" <<'PYTHON'
import libfdt, pathlib, sys
fdt = libfdt.Fdt(pathlib.Path(sys.argv[1]).read_bytes())

def write(node, path):
    path.mkdir()
    offset = fdt.first_property_offset(node, libfdt.QUIET_NOTFOUND)
    while offset >= 0:
        prop = fdt.get_property_by_offset(offset)
        (path / prop.name).write_bytes(bytes(prop))
        offset = fdt.next_property_offset(offset, libfdt.QUIET_NOTFOUND)
    child = fdt.first_subnode(node, libfdt.QUIET_NOTFOUND)
    while child >= 0:
        write(child, path / fdt.get_name(child))
        child = fdt.next_subnode(child, libfdt.QUIET_NOTFOUND)

write(0, pathlib.Path(sys.argv[2]))
PYTHON
}

dtc -q -I dts -O dtb -o "$WORK/advice.dtb" "$trees/advice.dts"
if /usr/bin/python3 -c 'import libfdt' 2>/dev/null; then
	PATH=/usr/bin:$PATH unfold "$WORK/advice.dtb" "$WORK/folder"
	same "a folder says what its blob says" "$(kinds "$WORK/advice.dtb")" "$(kinds "$WORK/folder")"
	same "and has the regions" \
		"$("$EXTMEM" check "$WORK/advice.dtb" | tail -n 1 | sed 's/.*: arm64/arm64/')" \
		"$("$EXTMEM" check "$WORK/folder" | tail -n 1 | sed 's/.*: arm64/arm64/')"
else
	skip "a folder says what its blob says" "python3-libfdt is not installed"
fi

valid()
{
	ok "$1" python3 -W ignore - "$top/tools/extmem/schema/check.json" "$2" <<'PYTHON'
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
jsonschema.validate(json.load(open(sys.argv[2])), schema)
PYTHON
}

if python3 -W ignore -c 'import jsonschema' 2>/dev/null; then
	for name in errors advice clean; do
		"$EXTMEM" check --json "$trees/$name.dts" >"$WORK/$name.json"
		valid "the schema takes $name" "$WORK/$name.json"
	done
	# Catches: a schema that takes anything.
	sed 's/"version": *1/"version":2/' "$WORK/errors.json" >"$WORK/later.json"
	same "and no later version" "not ok" "$(valid later "$WORK/later.json" | grep -o '^not ok')"
else
	skip "the schema" "python3-jsonschema is not installed"
fi
same "json has the file and the line" "$trees/errors.dts 10 cache-policy" \
	"$("$EXTMEM" check --json --arch arm64 "$trees/errors.dts" | python3 -c '
import json, sys
m = json.load(sys.stdin)["messages"][0]
print(m["file"], m["line"], m["property"])')"
finish
