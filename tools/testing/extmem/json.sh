#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each --json against the schema that is installed for it, and what it says against sysfs.
# What check and map print is tested in board/.

. "$(dirname "$0")/tap.sh"

schemas=$here/../../extmem/schema

# valid NAME VERB FILE
valid()
{
	ok "$1" python3 -W ignore - "$schemas/$2.json" "$3" <<'PYTHON'
import json, pathlib, sys
import jsonschema
path = pathlib.Path(sys.argv[1]).resolve()
schema = json.loads(path.read_text())
jsonschema.Draft7Validator.check_schema(schema)
resolver = jsonschema.RefResolver(path.as_uri(), schema)
validator = jsonschema.Draft7Validator(schema, resolver=resolver)
wrong = list(validator.iter_errors(json.load(open(sys.argv[2]))))
for error in wrong:
    print(list(error.absolute_path), error.message[:200])
sys.exit(bool(wrong))
PYTHON
}

# value FILE EXPRESSION
value()
{
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

"$EXTMEM" list --json >"$WORK/list"
valid "list" list "$WORK/list"
same "list: what sysfs says" "nvram.env nvram 65536 0x90100000 write-back rw ready None" \
	"$(value "$WORK/list" '" ".join(str(x) for r in d["regions"] if r["name"] == "nvram.env" for x in (r["name"], r["parent"], r["size"], hex(r["phys_addr"]), r["cache_policy"], r["access"], r["state"], r["pool"]))')"
"$EXTMEM" info --json pool >"$WORK/info"
valid "info" info "$WORK/info"
same "info: a pool" "65536 131072 3 0" "$(value "$WORK/info" '"{in_use} {high_water} {allocations} {failures}".format(**d["region"]["pool"])')"
"$EXTMEM" peek --json -w 8 rom 8 2 >"$WORK/peek"
valid "peek" peek "$WORK/peek"
same "peek: numbers of 64 bits" "[$((0x2073692073696874)), $((0x72616f6220656874))]" "$(value "$WORK/peek" 'd["values"]')"
printf '\xff\xff\xff\xff\xff\xff\xff\xff' | dd of="$BOARD/dev/extmem/sram" conv=notrunc status=none
"$EXTMEM" peek --json -w 8 sram 0 >"$WORK/peek"
same "peek: the greatest number" "[18446744073709551615]" "$(value "$WORK/peek" 'd["values"]')"
"$EXTMEM" test --json -d sram >"$WORK/test"
valid "test" test "$WORK/test"
faulty FAULT_FILE=/sram FAULT_OFFSET=0x777 FAULT_BITS=0x80 "$EXTMEM" test --json -d sram >"$WORK/test"
same "test: a bad cell: exit code" 1 $?
valid "test: a bad cell" test "$WORK/test"
same "test: a bad cell" "0x777 0x90000777" "$(value "$WORK/test" '"{offset:#x} {phys_addr:#x}".format(**d["bad"])')"
"$EXTMEM" bench --json -t 5 -w sram >"$WORK/bench"
valid "bench" bench "$WORK/bench"
pool="env LD_PRELOAD=$FAULT FAULT_FILE=/pool FAULT_POOL=0x100000"
$pool "$EXTMEM" info --json --ask pool >"$WORK/info"
valid "info: asked" info "$WORK/info"
# shellcheck disable=SC2086 # a list
timeout --foreground -s INT 5 $pool "$EXTMEM" alloc --json pool 5000 >"$WORK/alloc"
valid "alloc" alloc "$WORK/alloc"
rings="env LD_PRELOAD=$FAULT FAULT_FILE=/fpga-regs FAULT_IRQ=9"
$rings "$EXTMEM" irq --json -c 3 fpga-regs >"$WORK/irq"
valid "irq" irq "$WORK/irq"
same "irq" "1 alarm True 3 3" \
	"$(value "$WORK/irq" '"{} {name} {level} {count} {events}".format(len(d["interrupts"]), **d["interrupts"][0])')"
$rings "$EXTMEM" irq --json --list fpga-regs >"$WORK/irq"
valid "irq --list" irq "$WORK/irq"

# Facts that are missing, that one may not read, and that nobody has thought of.
rm "$BOARD/sys/class/extmem/sram/"{phys_addr,backend,cache_policy_effective}
fake_fact "$BOARD/sys/class/extmem/rom/later" 'a fact of a later version'
"$EXTMEM" list --json >"$WORK/list"
valid "list: facts that are missing" list "$WORK/list"
same "list: facts that are missing" "None None None" \
	"$(value "$WORK/list" '" ".join(str(r[k]) for r in d["regions"] if r["name"] == "sram" for k in ("phys_addr", "backend", "cache_policy_effective"))')"
# Catches: a schema that takes anything.
sed 's/"version": *1/"version":2/' "$WORK/list" >"$WORK/later"
same "the schema refuses another version" "not ok" "$(valid later list "$WORK/later" | grep -o '^not ok')"
finish
