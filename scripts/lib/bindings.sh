# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The DT schema's tests. Sourced after step.sh, apt.sh and setup.sh, and after
# guest.sh if the boards' trees are to be checked too.
#
#	bindings_check		against our schema and those that it refers to,
#				which takes seconds
#	bindings_check full	also the kernel's own dt_binding_check in the farm,
#				and then against all its schemas: a minute or two
#
# Both print KTAP. Every tree in bindings/extmem/right must pass. Every tree in
# bindings/extmem/wrong has one mistake, and its first comment says what comes
# of it:
#
#	rule: what the mistake breaks, for the reader
#	property: every message must name it, so that there is no second mistake
#	expect: one message must have this text
#	dtc: the warnings of dtc that the mistake gives too, if any
#	dtschema: the first version of it that can see the mistake, if not all can

# What Documentation/devicetree/bindings/Makefile gives to dtc.
BINDINGS_DTC=(-Wno-avoid_unnecessary_addr_size -Wno-graph_child_address
	      -Wno-interrupt_provider -Wno-unique_unit_address
	      -Wunique_unit_address_if_enabled)

# Debian 13 has no package dt-schema, and a jsonschema that is too new for the one of
# Debian 12.
bindings_fetch_tools()
{
	local dir=$EXTMEM_CACHE/dtschema tmp package

	[ ! -d "$dir" ] || return 0
	mkdir -p "$EXTMEM_CACHE"
	tmp=$(mktemp -d "$dir.XXXXXX") || die "cannot write to $EXTMEM_CACHE"
	for package in dt-schema python3-jsonschema python3-pyrsistent; do
		apt_private_fetch "$(dpkg --print-architecture)" "$package" "$tmp" bookworm
	done
	mv -T "$tmp" "$dir"
}

# Have dtschema's commands in PATH, or say in BINDINGS_WHY why that cannot be.
bindings_tools()
{
	local dir=$EXTMEM_CACHE/dtschema module

	BINDINGS_WHY=
	command -v dtc >/dev/null || BINDINGS_WHY+=" device-tree-compiler"
	# The commands run Debian's python3, whichever is first in PATH.
	for module in jsonschema libfdt ruamel.yaml; do
		/usr/bin/python3 -c "import $module" 2>/dev/null || BINDINGS_WHY+=" python3-$module"
	done
	if [ "$BINDINGS_WHY" ]; then
		BINDINGS_WHY="not installed:$BINDINGS_WHY"
		return 1
	fi
	if ! command -v dt-validate >/dev/null; then
		if ! BINDINGS_WHY=$( (bindings_fetch_tools) 2>&1); then
			BINDINGS_WHY="there is no dt-schema, and Debian 12's cannot be fetched: ${BINDINGS_WHY##*$'\n'}"
			return 1
		fi
		export PATH=$dir/usr/bin:$PATH
		export PYTHONPATH=$dir/usr/lib/python3/dist-packages PYTHONWARNINGS=ignore
	fi
	if ! BINDINGS_VERSION=$(dt-validate --version 2>&1); then
		BINDINGS_WHY="dt-validate does not run here: ${BINDINGS_VERSION##*$'\n'}"
		return 1
	fi
}

# bindings_schemas DIR FILE...: these below DIR, and those of DIR that they refer to.
bindings_schemas()
{
	local dir=$1 file ref
	local -A seen
	shift

	# shellcheck disable=SC2016 # sed's dollar
	while [ $# -gt 0 ]; do
		file=$1
		shift
		[ ! "${seen[$file]:-}" ] || continue
		seen[$file]=y
		echo "$dir/$file"
		while read -r ref; do
			case $ref in
			/schemas/*)	ref=${ref#/schemas/} ;;
			*)		ref=$(dirname "$file")/$ref ;;
			esac
			# The others come with dtschema.
			[ ! -f "$dir/$ref" ] || set -- "$@" "$ref"
		done < <(sed -nE 's/^[ -]*\$ref: *([^# ]+\.yaml).*/\1/p' "$dir/$file")
	done
}

bindings_result()
{
	BINDINGS_NUMBER=$((BINDINGS_NUMBER + 1))
	if [ "$1" = 0 ]; then
		echo "ok $BINDINGS_NUMBER - $2"
	else
		echo "not ok $BINDINGS_NUMBER - $2"
		BINDINGS_FAILED=1
	fi
}

bindings_skip()
{
	BINDINGS_NUMBER=$((BINDINGS_NUMBER + 1))
	echo "ok $BINDINGS_NUMBER - $1 # SKIP $2"
}

# bindings_quiet NAME CMD...: passes if it succeeds and says nothing.
bindings_quiet()
{
	local name=$1 out rc=0
	shift

	out=$("$@" 2>&1) || rc=1
	if [ "$out" ]; then
		echo "# ${out//$'\n'/$'\n'# }"
		rc=1
	fi
	bindings_result "$rc" "$name"
}

# bindings_header FILE KEY: of a wrong tree.
bindings_header()
{
	sed -n "/\*\//q; s/^ \* $2: //p" "$1"
}

# bindings_dtc DTS DTB [WARNING...]: silent if dtc has these warnings and no other.
bindings_dtc()
{
	local dts=$1 dtb=$2 out given
	shift 2

	# What a failed check keeps other checks from is no warning of its own.
	out=$(dtc "${BINDINGS_DTC[@]}" -I dts -O dtb -o "$dtb" "$dts" 2>&1) || out+=$'\n(dtc failed)'
	out=$(grep -v ': Failed prerequisite ' <<<"$out") || true
	given=$(sed -nE 's/.*: Warning \(([a-z_]+)\):.*/\1/p' <<<"$out" | sort -u)
	[ "$given" = "$(printf '%s\n' "$@" | sort -u)" ] && [ -s "$dtb" ] || echo "$out"
}

# bindings_messages LOG DTB: what dt-validate had to say of it, one message a line.
bindings_messages()
{
	awk -v start="$2: " '
		index($0, start) == 1 { if (text) print text; text = substr($0, length(start) + 1); next }
		/^\t/ { if (text) text = text " " $0; next }
		{ if (text) print text; text = "" }
		END { if (text) print text }' "$1"
}

# bindings_judge DTS DTB LOG: silent if each message is about the one mistake, and
# one is as expected.
bindings_judge()
{
	local messages property expect

	property=$(bindings_header "$1" property)
	expect=$(bindings_header "$1" expect)
	messages=$(bindings_messages "$3" "$2")
	if [ ! "$property" ] || [ ! "$expect" ]; then
		echo "there is no 'property:' or no 'expect:' in its first comment"
	elif [ ! "$messages" ]; then
		echo "accepted, though: $(bindings_header "$1" rule)"
	elif ! grep -qF -- "$expect" <<<"$messages"; then
		printf '%s\n' "refused, but no message has: $expect" "$messages"
	elif grep -vF -- "$property" <<<"$messages"; then
		echo "is about something else than: $property"
	fi
}

# bindings_kernel: dt_binding_check as anybody runs it; silent if it has nothing to
# say of our files.
bindings_kernel()
{
	local log=$EXTMEM_CACHE/build/bindings/log

	mkdir -p "${log%/*}"
	if ! PATH=/usr/bin:$PATH make -C "$FARM_DIR" O="${log%/*}" DT_SCHEMA_FILES=extmem/ \
			DT_SCHEMA_MIN_VERSION=2022.08.2 dt_binding_check >"$log" 2>&1; then
		tail -n 20 "$log"
		return 1
	fi
	# The kernel's own schemas have messages too; progress is no message.
	grep -E 'bindings/extmem/|extmem-region' "$log" | grep -vE '^  [A-Z]+ +(\[C\] )?[^ ]+$' || true
	[ -s "${log%/*}/Documentation/devicetree/bindings/extmem/extmem-region.example.dtb" ] ||
		echo "no example was built"
}

# bindings_board BOARD DIR SCHEMA: silent if the board's extmem nodes are as the
# schema says.
bindings_board()
{
	local dtb log=$2/$1.log

	dtb=$(guest_tree "$1") || return 1
	grep -aq extmem-region "$dtb" || echo "no node of it is an extmem-region"
	dt-validate -l extmem/extmem-region -s "$3" "$dtb" >"$log" 2>&1 || return 1
	bindings_messages "$log" "$dtb"
}

# bindings_trees: the right and the wrong ones.
bindings_trees()
{
	(cd "$EXTMEM_TOP/bindings/extmem" && ls right/*.dts wrong/*.dts)
}

# bindings_prepare DIR TMP SCHEMA OURS...: for each tree TMP/NAME.dtb and, of dtc,
# TMP/NAME.out; and TMP/log, with what dt-validate says of all of them in one go,
# for it spends most of its time on starting.
bindings_prepare()
{
	local dir=$1 tmp=$2 schema=$3 file name
	shift 3

	mkdir "$tmp/right" "$tmp/wrong" "$tmp/examples"
	for file in "$@"; do
		name=$tmp/examples/$(basename "$file" .yaml)
		dt-extract-example "$dir/$file" >"$name.dts"
		bindings_dtc "$name.dts" "$name.dtb" >"$name.out"
	done
	while read -r name; do
		file=$EXTMEM_TOP/bindings/extmem/$name
		name=$tmp/${name%.dts}
		# shellcheck disable=SC2046 # a list of words
		bindings_dtc "$file" "$name.dtb" $(bindings_header "$file" dtc) >"$name.out"
	done < <(bindings_trees)
	dt-validate -s "$schema" "$tmp"/{examples,right,wrong}/*.dtb >"$tmp/log" 2>&1 || true
}

# bindings_schema FILE DIR TMP: what there is to be said of one of our schemas.
bindings_schema()
{
	local file=$1 dir=$2 tmp=$3 example

	example=$tmp/examples/$(basename "$file" .yaml)
	if command -v yamllint >/dev/null; then
		bindings_quiet "yamllint $file" yamllint -f parsable -c "$dir/.yamllint" "$dir/$file"
	else
		bindings_skip "yamllint $file" "yamllint is not installed"
	fi
	bindings_quiet "dt-doc-validate $file" dt-doc-validate -u "$dir" "$dir/$file"
	bindings_quiet "dtc examples of $file" cat "$example.out"
	bindings_quiet "examples of $file" bindings_messages "$tmp/log" "$example.dtb"
}

# bindings_tree NAME TMP
bindings_tree()
{
	local file=$EXTMEM_TOP/bindings/extmem/$1 name=${1%.dts} tmp=$2 since

	since=$(bindings_header "$file" dtschema)
	if [ -s "$tmp/$name.out" ]; then
		bindings_quiet "$name" cat "$tmp/$name.out"
	elif [[ $name == right/* ]]; then
		bindings_quiet "$name" bindings_messages "$tmp/log" "$tmp/$name.dtb"
	elif [ "$since" ] && printf '%s\n' "$BINDINGS_VERSION" "$since" | sort -VC; then
		bindings_skip "$name" "dtschema $BINDINGS_VERSION cannot see it, $since can"
	else
		bindings_quiet "$name" bindings_judge "$file" "$tmp/$name.dtb" "$tmp/log"
	fi
}

bindings_run()
{
	local full=$1 tmp=$2 dir=$FARM_DIR/Documentation/devicetree/bindings
	local ours trees boards=() files schema name

	mapfile -t ours < <(cd "$EXTMEM_TOP/bindings" && find . -name '*.yaml' | sed 's,^\./,,' | sort)
	mapfile -t trees < <(bindings_trees)
	if declare -F guest_boards >/dev/null; then
		mapfile -t boards < <(guest_boards)
	fi
	echo "KTAP version 1"
	echo "1..$((${full:+1} + ${#ours[@]} * 4 + ${#trees[@]} + ${#boards[@]}))"
	BINDINGS_NUMBER=0 BINDINGS_FAILED=0

	if [ "$full" ]; then
		schema=$EXTMEM_CACHE/build/bindings/Documentation/devicetree/bindings/processed-schema.json
		bindings_quiet dt_binding_check bindings_kernel
	else
		schema=$tmp/schema.json
		mapfile -t files < <(bindings_schemas "$dir" "${ours[@]}")
		dt-mk-schema -j "${files[@]}" >"$schema"
	fi
	bindings_prepare "$dir" "$tmp" "$schema" "${ours[@]}"
	if grep -A 30 '^Traceback' "$tmp/log"; then
		echo "Bail out! dt-validate crashed"
		return 1
	fi
	for name in "${ours[@]}"; do
		bindings_schema "$name" "$dir" "$tmp"
	done
	for name in "${trees[@]}"; do
		bindings_tree "$name" "$tmp"
	done
	for name in "${boards[@]}"; do
		bindings_quiet "board $name" bindings_board "$name" "$tmp" "$schema"
	done
	return "$BINDINGS_FAILED"
}

bindings_check()
(
	full=${1:+y}
	if ! bindings_tools; then
		echo "KTAP version 1"
		echo "1..0 # SKIP $BINDINGS_WHY"
		exit 0
	fi
	setup_graft
	tmp=$EXTMEM_CACHE/bindings
	mkdir -p "$tmp"
	tmp=$(mktemp -d "$tmp/run.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	if [ "$full" ]; then
		with_lock bindings bindings_run y "$tmp"
	else
		bindings_run '' "$tmp"
	fi
)
