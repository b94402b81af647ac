#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is written about the command, compared with the command: help, manual, completions.

. "$(dirname "$0")/tap.sh"

command=$here/../../extmem
manuals=("$command"/man/*.1 "$here"/../../lib/extmem/man/*.3)
verbs=$("$EXTMEM" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p')

# fits FILE: a screen
fits()
{
	awk 'length($0) > 80 { print "too wide: " $0; bad = 1 } END { if (NR > 24) { print NR " lines"; bad = 1 } exit bad }' "$1"
}

# The long options that --help has.
options_of()
{
	"$EXTMEM" "$1" --help | grep -oE -- '--[a-z-]+' | grep -vx -- --help | sort -u
}

# in_manual VERB: the page has each of them, and no other
in_manual()
{
	diff <(options_of "$1") <(grep -oE 'Fl Fl [a-z-]+' "$command/man/extmem-$1.1" |
		sed 's/Fl Fl /--/' | sort -u)
}

"$EXTMEM" --help >"$WORK/help"
ok "help fits a screen" fits "$WORK/help"
same "there are verbs" yes "$([ "$(wc -w <<<"$verbs")" -ge 13 ] && echo yes)"
for verb in $verbs; do
	"$EXTMEM" "$verb" --help >"$WORK/help"
	ok "$verb: help fits a screen" fits "$WORK/help"
	ok "$verb: help begins with how to call it" grep -q "^usage: extmem $verb " "$WORK/help"
	ok "$verb: the manual has its options" in_manual "$verb"
	ok "$verb: the manual's first page has it" grep -qx ".It Xr extmem-$verb 1" "$command/man/extmem.1"
done
same "the manual has each exit code" "$(sed -n 's/^	EXIT_[A-Z]* = \([0-9]\),.*/\1/p' "$command/extmem.h")" \
	"$(sed -n 's/^\.It \([0-9]\)$/\1/p' "$command/man/extmem.1")"
if command -v mandoc >/dev/null; then
	# -mdoc's database of other pages is the host's matter.
	mandoc -T lint -W warning "${manuals[@]}" 2>&1 | grep -v makewhatis >"$WORK/lint"
	same "mandoc has nothing to say" "" "$(cat "$WORK/lint")"
else
	skip "mandoc has nothing to say" "mandoc is not installed"
fi
# Catches: a function that nobody can look up, or that is gone.
same "the manual has each function of the library" \
	"$(grep -oE '^	extmem_[a-z_]+' "$here/../../lib/extmem/libextmem.map" | tr -d '\t' | sort -u)" \
	"$(sed -n 's/^\.Nm \(extmem_[a-z_]*\).*/\1/p' "$here"/../../lib/extmem/man/*.3 | sort -u)"

# --- completions ---

# complete WORD...: what bash offers for the last of them
complete_bash()
{
	# shellcheck disable=SC2016 # another shell's
	PATH=$WORK/bin:$PATH bash --norc -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_extmem; printf "%s " "${COMPREPLY[@]}"' "$command/completion/extmem.bash" "$@"
}

mkdir "$WORK/bin"
ln -s "$EXTMEM" "$WORK/bin/extmem"
same "bash: verbs" "peek poke " "$(complete_bash extmem p)"
same "bash: regions" "nvram nvram.env nvram.journal " "$(complete_bash extmem dump nv)"
same "bash: options" "--offset " "$(complete_bash extmem read --o)"
same "bash: columns" "direct-io dma " "$(complete_bash extmem list -o d)"
touch "$WORK/firmware.bin"
same "bash: files" "$WORK/firmware.bin " "$(complete_bash extmem load sram "$WORK/firm")"
if command -v zsh >/dev/null; then
	ok "zsh: it can be read" zsh -n "$command/completion/_extmem"
else
	skip "zsh: it can be read" "zsh is not installed"
fi

# --- a terminal ---

# on_terminal COMMAND...: what it writes to one
on_terminal()
{
	TERM=xterm script -qec "$(printf '%q ' "$@")" /dev/null </dev/null
}

ok "colours on a terminal" grep -q $'\033\\[1m' <(on_terminal "$EXTMEM" list)
same "NO_COLOR" "" "$(NO_COLOR=1 on_terminal "$EXTMEM" list | grep -o $'\033')"
same "no colours in a pipe" "" "$(TERM=xterm "$EXTMEM" list | grep -o $'\033')"
on_terminal "$EXTMEM" dump sram "$WORK/dump" >"$WORK/bar"
ok "a progress bar on a terminal" grep -q '100% .*#.* 1 MiB .*/s' "$WORK/bar"
same "no progress bar with --quiet" "" "$(on_terminal "$EXTMEM" dump -q sram "$WORK/dump" | grep -o '%')"
finish
