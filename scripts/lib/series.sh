# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The series of patches for the kernel's mailing list, of what packaging/series says.
# Sourced after step.sh, ktap.sh and insert.sh.
#
#	series_make KERNEL DEST		the patches, for that kernel source, into DEST
#	series_test KERNEL FARM		are they whole, clean, and what the farm has? KTAP
#
# A file of packaging/series is a patch: its subject, the files that it brings, as patterns;
# the symbols of drivers/extmem/Kconfig that come with it; what it adds to files of the
# kernel's own; and its text. The first pattern that matches a file has it. A pattern
# without * must match.

SERIES_DIR=$EXTMEM_TOP/packaging/series
# The files of the kernel's own that extmem adds to.
SERIES_FOREIGN=(MAINTAINERS Documentation/{admin-guide,driver-api,userspace-api}/index.rst
	drivers/Kconfig drivers/Makefile tools/testing/selftests/Makefile)

# What may belong in a kernel's tree, one file a line.
series_tree()
{
	(
		cd "$EXTMEM_TOP"
		find Documentation bindings configs/kunit/default.config drivers include kunit samples \
			tools/testing/selftests/extmem -type f ! -name '.*' ! -name '*.o' ! -name '*.ko' \
			! -name '*.mod' ! -name '*.mod.c' ! -name '*.order' ! -name '*.symvers' ! -name '*.pyc'
	) | LC_ALL=C sort
}

# series_place FILE: where it is in a kernel's tree.
series_place()
{
	case $1 in
	bindings/*)			echo "Documentation/devicetree/$1" ;;
	configs/kunit/default.config)	echo drivers/extmem/.kunitconfig ;;
	kunit/*)			echo "drivers/extmem/$1" ;;
	samples/*)			echo "samples/extmem/${1#samples/}" ;;
	*)				echo "$1" ;;
	esac
}

# Each patch's name.
series_patches()
{
	(cd "$SERIES_DIR" && printf '%s\n' [0-9][0-9]-* | grep -v '^00-cover$')
}

# series_field PATCH NAME
series_field()
{
	sed -n "/^\$/q; s/^$2: //p" "$SERIES_DIR/$1"
}

series_text()
{
	sed '1,/^$/d' "$SERIES_DIR/$1"
}

# series_plan: PATCH FILE of each file, in the order of the patches; "left-out FILE" of what
# does not go into a kernel, "none FILE" of what nobody knows, "nothing PATTERN" of what is
# not there. What adds up by the symbols of Kconfig is in many patches, and not here.
series_plan()
{
	local file patch pattern patterns=() files found
	local -A matched=()

	while read -r pattern; do
		patterns+=("left-out $pattern")
	done < <(grep -v '^#' "$SERIES_DIR/left-out")
	for patch in $(series_patches); do
		read -ra files < <(series_field "$patch" Files)
		patterns+=("${files[@]/#/$patch }")
	done
	while read -r file; do
		! series_grows "$(series_place "$file")" || continue
		found=
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053 # it is a pattern
			if [[ $file == ${pattern#* } ]]; then
				found=${pattern%% *}
				matched[$pattern]=y
				break
			fi
		done
		echo "${found:-none} $file"
	done < <(series_tree)
	for pattern in "${patterns[@]}"; do
		[[ $pattern == *[*[]* ]] || [ "${matched[$pattern]:-}" ] || echo "nothing ${pattern#* }"
	done
}

# series_grows PLACE: is it a file of which each patch with a symbol has a part?
series_grows()
{
	case $1 in
	drivers/extmem/Kconfig | drivers/extmem/Makefile | drivers/extmem/backends/Makefile) ;;
	*)	return 1 ;;
	esac
}

# series_kconfig SYMBOLS: the part of drivers/extmem/Kconfig that is about these.
series_kconfig()
{
	awk -v symbols=" $1 " '
		BEGIN { keep = 1 }
		/^(config|menuconfig) / { keep = index(symbols, " " $2 " ") }
		/^(if|endif|menu|endmenu|comment|source)/ { keep = 1 }
		keep { print }' "$EXTMEM_TOP/drivers/extmem/Kconfig" | series_tidy
}

# series_makefile FILE SYMBOLS: the part of a Makefile that is about these: without a line or
# a block for another symbol of ours, a module of one file or a folder that is not there yet,
# and the comment before it. The current folder is the kernel's tree.
series_makefile()
{
	local dir line comment='' block='' keep
	local of_symbol='CONFIG_(EXTMEM[A-Z_]*)' of_folder='[[:space:]]([a-z]+)/$'
	local of_file='-y[[:space:]]*:= ([a-z0-9_-]+)\.o$'

	dir=$(dirname "$1")
	while IFS= read -r line; do
		if [[ $line == \#* ]]; then
			comment+=$line$'\n'
			continue
		fi
		if [ ! "$block" ]; then
			keep=y
			if [[ $line =~ $of_symbol && " $2 " != *" ${BASH_REMATCH[1]} "* ]] ||
			   [[ $line =~ $of_folder && ! -d $dir/${BASH_REMATCH[1]} ]] ||
			   [[ $line =~ $of_file && ! -e $dir/${BASH_REMATCH[1]}.c ]]; then
				keep=
			fi
		fi
		case $line in
		if*)	block=y ;;
		endif*)	block= ;;
		esac
		[ ! "$keep" ] || printf '%s%s\n' "$comment" "$line"
		comment=
	done <"$EXTMEM_TOP/$1" | series_tidy
}

# No blank lines at the end, and no two together.
series_tidy()
{
	cat -s | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# Our entry for a kernel's MAINTAINERS: the first of ours, where things are there.
series_entry()
{
	awk '/^EXTMEM/ { on = 1 } on && /^$/ { exit } on' "$EXTMEM_TOP/MAINTAINERS" |
		while IFS=$'\t' read -r key value; do
			case $key:$value in
			F::kunit/)	;;
			F::*)		printf 'F:\t%s\n' "$(series_place "$value")" ;;
			*)		printf '%s\n' "$key${value:+$'\t'$value}" ;;
			esac
		done | awk '/^F:/ { print | "LC_ALL=C sort"; next } { print; fflush() }'
}

# series_pages FOLDER: the lines of a toctree for our pages that are in it.
series_pages()
{
	local page

	for page in Documentation/"$1"/extmem*.rst; do
		page=${page##*/}
		echo "   ${page%.rst}"
	done
}

# series_change FILE CMD...: the file as CMD prints it.
series_change()
{
	local file=$1
	shift

	"$@" <"$file" >"$file.new"
	mv "$file.new" "$file"
}

# series_add WHAT: to files of the kernel's own, in the current folder.
series_add()
{
	local pages

	case $1 in
	drivers)
		series_change drivers/Kconfig insert_drivers_kconfig
		series_change drivers/Makefile insert_drivers_makefile ;;
	selftests)
		series_change tools/testing/selftests/Makefile insert_selftests_makefile ;;
	guide)
		mapfile -t pages < <(series_pages admin-guide)
		series_change Documentation/admin-guide/index.rst insert_after '   ext4' "${pages[@]}"
		mapfile -t pages < <(series_pages userspace-api)
		series_change Documentation/userspace-api/index.rst \
			insert_after '   dma-buf-alloc-exchange' "${pages[@]}" ;;
	driver-api)
		mapfile -t pages < <(series_pages driver-api)
		series_change Documentation/driver-api/index.rst insert_after '   eisa' "${pages[@]}" ;;
	maintainers)
		series_change MAINTAINERS insert_maintainers "$(series_entry)" ;;
	*)	die "packaging/series: nothing is known of 'Adds: $1'" ;;
	esac
}

# series_git ARG...: whatever the user's own settings are.
series_git()
{
	GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git -c core.hooksPath=/dev/null \
		-c user.name="$SERIES_NAME" -c user.email="$SERIES_MAIL" "$@"
}

# series_base KERNEL: the kernel's own files that we need, as a git tree in this folder.
series_base()
{
	local file

	for file in "${SERIES_FOREIGN[@]}"; do
		[ -f "$1/$file" ] || die "$1 has no $file: is it a kernel source?"
		install -D -m 644 "$1/$file" "$file"
	done
	series_git init -q
	series_git add -A
	series_git commit -q -m "the kernel's"
}

# series_bring FILE: into the kernel's tree in this folder.
series_bring()
{
	local to

	to=$(series_place "$1")
	mkdir -p "$(dirname "$to")"
	case $1 in
	Documentation/*.rst)	sed -f "$SERIES_DIR/rewrite.sed" "$EXTMEM_TOP/$1" >"$to" ;;
	*)			cp "$EXTMEM_TOP/$1" "$to" ;;
	esac
}

# series_grow SYMBOLS: the files that add up, as far as they are.
series_grow()
{
	local file

	series_kconfig "$1" >drivers/extmem/Kconfig
	# What is read is in our own tree.
	# shellcheck disable=SC2094
	for file in drivers/extmem/Makefile drivers/extmem/backends/Makefile; do
		[ ! -d "$(dirname "$file")" ] || series_makefile "$file" "$1" >"$file"
	done
}

# series_commit PATCH: what is in this folder now.
series_commit()
{
	series_git add -A
	{
		series_field "$1" Subject
		echo
		series_text "$1"
	} | series_git commit -q --signoff -F -
}

# Name and address of who sends it: git's, or else the first maintainer's.
series_sender()
{
	local maintainer

	maintainer=$(sed -n 's/^M:\t//p' "$EXTMEM_TOP/MAINTAINERS" | head -n 1)
	SERIES_NAME=$(git config user.name 2>/dev/null || echo "${maintainer% <*}")
	SERIES_MAIL=$(git config user.email 2>/dev/null || echo "${maintainer##*<}")
	SERIES_MAIL=${SERIES_MAIL%>}
}

# A patch without files, for ours are not there yet, is left out.
series_make()
(
	set -e
	kernel=$1 dest=$2
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	series_sender
	plan=$(series_plan)
	! grep -E '^(none|nothing) ' <<<"$plan" ||
		die "packaging/series: each file of ours is in one patch or in left-out, and each name there is a file"
	cd "$work"
	series_base "$kernel"
	base=$(series_git rev-parse HEAD) symbols=
	for patch in $(series_patches); do
		bring=$(sed -n "s/^$patch //p" <<<"$plan")
		config=$(series_field "$patch" Config) adds=$(series_field "$patch" Adds)
		[ "$bring$config$adds" ] || { echo "$patch has no files yet, and is left out" >&2; continue; }
		for file in $bring; do
			series_bring "$file"
		done
		if [ "$config" ]; then
			symbols+=" $config"
			series_grow "$symbols"
		fi
		[ ! "$adds" ] || series_add "$adds"
		series_commit "$patch"
	done
	mkdir -p "$dest"
	rm -f "$dest"/[0-9][0-9][0-9][0-9]-*.patch
	series_git format-patch -q --cover-letter -o "$dest" "$base"
	cover=$dest/0000-cover-letter.patch
	awk -v subject="$(series_field 00-cover Subject)" -v text="$(series_text 00-cover)" '
		{ sub(/\*\*\* SUBJECT HERE \*\*\*/, subject) }
		/^\*\*\* BLURB HERE \*\*\*$/ { print text; next }
		{ print }' "$cover" >"$cover.new"
	mv "$cover.new" "$cover"
)

# --- tests ---

# series_whole: is each file of ours somewhere, and each name in the lists a file?
series_whole()
{
	! series_plan | grep -E '^(none|nothing) '
}

# series_whole_fails: does it see a file that nobody has listed? In a copy of the lists, one of
# which lacks its files; and one names what is not there.
series_whole_fails()
{
	local said

	cp -r "$SERIES_DIR" "$1"
	sed -i 's, drivers/extmem/parse\.c,&x,' "$1/03-rules"
	said=$(SERIES_DIR=$1 series_plan | grep -E '^(none|nothing) ') || true
	[[ $said == *'none drivers/extmem/parse.c'* && $said == *'nothing drivers/extmem/parse.cx'* ]] ||
		{ echo "it says: $said"; return 1; }
}

# series_checkpatch KERNEL PATCH: the one about MAINTAINERS is meant for each patch that adds a
# file, and the last one has ours. Events are written as all of the kernel's are.
series_checkpatch()
{
	local may=FILE_PATH_CHANGES

	! grep -q '^+++ .*/trace\.h$' "$2" || may+=,OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT
	"$1/scripts/checkpatch.pl" --no-tree --strict --terse --no-summary --show-types \
		--ignore "$may" "$2"
}

# series_consistent: do the Makefiles in this folder name what is there, all of it, and Kconfig
# what they ask for?
series_consistent()
{
	local file dir objects name symbol symbols status=0

	[ -e drivers/extmem/Kconfig ] || { [ ! -e drivers/extmem/Makefile ]; return; }
	for file in drivers/extmem/Makefile drivers/extmem/backends/Makefile drivers/extmem/kunit/Makefile; do
		[ -e "$file" ] || continue
		dir=$(dirname "$file")
		objects=$(grep -vE '^(#|CFLAGS_)' "$file" | grep -oE '[a-z0-9_./-]+\.o\b' | sort -u)
		for name in $objects; do
			grep -q "^${name%.o}-y[[:space:]]*:=" "$file" ||
				[ -e "$dir/${name%.o}.c" ] || [ -e "$dir/${name%.dtbo.o}.dtso" ] ||
				{ echo "$file names $name, which has no source yet"; status=1; }
		done
		for name in "$dir"/*.c; do
			name=$(basename "$name" .c).o
			[[ $name == attr-* ]] || grep -qxF "$name" <<<"$objects" ||
				{ echo "$file does not name $name"; status=1; }
		done
	done
	mapfile -t symbols < <(grep -rohE --include=Makefile 'CONFIG_EXTMEM[A-Z_]*' drivers/extmem)
	for symbol in "${symbols[@]}"; do
		grep -q "^\(menu\)\?config ${symbol#CONFIG_}\$" drivers/extmem/Kconfig ||
			{ echo "drivers/extmem/Kconfig has no ${symbol#CONFIG_}"; status=1; }
	done
	return $status
}

# series_apply PATCH: to the tree in this folder.
series_apply()
{
	series_git am -q --whitespace=error-all "$1"
	series_consistent
}

# series_ours_in FARM: what scripts/graft has put into it.
series_ours_in()
{
	(
		cd "$1"
		find . -lname "$EXTMEM_TOP/*" -printf '%P\n'
		printf '%s\n' drivers/Kconfig drivers/Makefile tools/testing/selftests/Makefile
	) | LC_ALL=C sort
}

# series_same FARM: has the tree in this folder what the farm has, but for documentation,
# the examples in it, and MAINTAINERS?
series_same()
{
	local file status=0

	diff <(series_ours_in "$1") <(series_git ls-files | grep -vE '^(Documentation/[^d]|Documentation/driver-api/|samples/|MAINTAINERS$)' |
		LC_ALL=C sort) || { echo "< only in the farm, > only in the series"; return 1; }
	for file in $(series_ours_in "$1"); do
		cmp "$file" "$1/$file" || status=1
	done
	return $status
}

# series_maintained BASE: is each file that came to the tree in this folder someone's?
series_maintained()
{
	local file pattern patterns found status=0

	mapfile -t patterns < <(awk '/^EXTMEM/ { on = 1 } /^$/ { on = 0 } on && sub(/^F:\t/, "")' MAINTAINERS)
	[ ${#patterns[@]} -gt 0 ] || { echo "MAINTAINERS has no entry of ours"; return 1; }
	for file in $(series_git diff --name-only --diff-filter=A "$1"); do
		found=
		for pattern in "${patterns[@]}"; do
			# A folder has all that is below it.
			# shellcheck disable=SC2053 # it is a pattern
			[[ $file != ${pattern/%\//\/*} ]] || found=y
		done
		[ "$found" ] || { echo "MAINTAINERS has nobody for $file"; status=1; }
	done
	return $status
}

# series_docs KERNEL DIR: our pages, in the tree in this folder, lead to nothing that is not
# there. With the extensions of our own conf.py.
series_docs()
{
	local kernel=$1 dir=$2 page pages=()

	mkdir -p "$dir/Documentation" "$dir/pictures"
	cp -r include drivers samples tools "$dir/"
	cp -r Documentation/{admin-guide,driver-api,userspace-api} "$dir/Documentation/"
	rm "$dir"/Documentation/*/index.rst
	cp "$EXTMEM_TOP/Documentation/conf.py" "$dir/Documentation/"
	for page in "$dir"/Documentation/*/extmem*.rst; do
		page=${page#"$dir/Documentation/"}
		pages+=("   ${page%.rst}")
	done
	printf '%s\n' extmem ====== '' '.. toctree::' '' "${pages[@]}" >"$dir/Documentation/index.rst"
	KSRC=$kernel PICTURES=$dir/pictures nice sphinx-build -q -W --keep-going -b dummy \
		-d "$dir/doctrees" "$dir/Documentation" "$dir/html"
}

series_test()
(
	set -e
	kernel=$1 farm=$2
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	series_sender
	echo "KTAP version 1"
	ktap_result 1 "each file is in one patch" series_whole
	ktap_result 2 "a file in none is seen" series_whole_fails "$dir/lists"
	ktap_result 3 "made" series_make "$kernel" "$dir/patches"
	[ -d "$dir/patches" ] || { echo "Bail out! no patches"; exit; }
	mkdir "$dir/tree"
	cd "$dir/tree"
	series_base "$kernel"
	base=$(series_git rev-parse HEAD)
	n=3
	for patch in "$dir"/patches/*.patch; do
		name=$(basename "$patch" .patch)
		if [[ $name != 0000-* ]]; then
			n=$((n + 1))
			ktap_result $n "$name applies" series_apply "$patch"
			n=$((n + 1))
			ktap_result $n "$name: checkpatch" series_checkpatch "$kernel" "$patch"
		fi
	done
	ktap_result $((n + 1)) "what scripts/graft makes" series_same "$farm"
	ktap_result $((n + 2)) "each file has a maintainer" series_maintained "$base"
	ktap_result $((n + 3)) "documentation" series_docs "$kernel" "$dir/docs"
	echo "1..$((n + 3))"
)
