# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Completion for bash: what the command itself says of its verbs, options and regions.

_extmem_verbs()
{
	extmem --help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'
}

_extmem_options()
{
	extmem "$1" --help 2>/dev/null | grep -oE '(^|[ ,])--?[A-Za-z][a-z-]*' | tr -d ' ,' | sort -u
	printf '%s\n' -h --help
}

_extmem_regions()
{
	extmem list --list --no-header --columns name 2>/dev/null
}

_extmem()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]:-}
	local words='' i arguments=0

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		words="$(_extmem_verbs) --help --version"
	elif [[ $word == -* ]]; then
		words=$(_extmem_options "$verb")
	elif [[ $before == --endian || ($before == -e && $verb == p*) ]]; then
		words="native little big"
	else
		for ((i = 2; i < COMP_CWORD; i++)); do
			[[ ${COMP_WORDS[i]} == -* ]] || arguments=$((arguments + 1))
		done
		case $verb in
		list)	[[ $before != -o && $before != --columns ]] ||
				words="name type policy effective size backend access state address direct-io numa open in-use dma parent" ;;
		check | map)
			words= ;;
		*)	[ "$arguments" != 0 ] || words=$(_extmem_regions) ;;
		esac
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	# Files are for those that have one, and for what is no word of ours.
	if [ ${#COMPREPLY[@]} = 0 ] && [[ $word != -* ]]; then
		case $verb in
		dump | load | cmp | check | map | alloc | irq)
			mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
		esac
	fi
}

complete -o filenames -F _extmem extmem
