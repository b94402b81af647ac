# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Fetch Debian packages of any architecture and of another release without installing them and
# without touching the host's apt: each pair of release and architecture has its own apt state in
# the cache, made from the mirror that the host itself is configured to use.
#
# Sourced after step.sh, whose die() and EXTMEM_CACHE it uses.

# The release that this host runs, by code name.
apt_host_suite()
{
	( . /etc/os-release; echo "${VERSION_CODENAME:-}" )
}

# apt_mirror main|security: the address that the host's apt uses for Debian's own archive.
apt_mirror()
{
	local host release origin uri

	host=$(apt_host_suite)
	while IFS='|' read -r release origin uri; do
		# The origin is known only once the host's lists have been fetched.
		[[ $origin == Debian || $origin == '' || $origin == '$(ORIGIN)' ]] || continue
		case $1:$release in
		main:"$host" | main:stable | main:oldstable)	echo "${uri%/}"; return ;;
		security:*-security)				echo "${uri%/}"; return ;;
		esac
	done < <(apt-get indextargets --format '$(RELEASE)|$(ORIGIN)|$(REPO_URI)' \
			'MetaKey: main/binary-'"$(dpkg --print-architecture)"'/Packages')
	return 1
}

# apt_private SUITE ARCH COMMAND...: run apt-get or apt-cache with the private state of that pair.
apt_private()
{
	local suite=$1 arch=$2 command=$3 dir
	shift 3

	dir=$EXTMEM_CACHE/apt/$suite-$arch
	"$command" -q -o Dir::State="$dir/state" -o Dir::State::status="$dir/status" \
		-o Dir::Cache="$dir/cache" -o Dir::Etc::sourcelist="$dir/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User="$(id -un)" \
		-o APT::Update::Post-Invoke::=true -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# apt_private_update SUITE ARCH: have lists not older than a day.
apt_private_update()
{
	local suite=$1 arch=$2 dir main security keys=/usr/share/keyrings/debian-archive-keyring.gpg log

	dir=$EXTMEM_CACHE/apt/$suite-$arch
	[[ -z $(find "$dir/fresh" -mmin -1440 2>/dev/null) ]] || return 0
	[[ -r $keys ]] || die "$keys is missing: install the package debian-archive-keyring"
	main=$(apt_mirror main) || die "apt has no source for Debian's main archive (see apt-get indextargets)"
	# A bare debootstrap knows of the main archive alone; the other is beside it.
	security=$(apt_mirror security) || security=${main%/}-security

	mkdir -p "$dir"/state/lists/partial "$dir"/cache/archives/partial
	: >"$dir/status"
	echo "deb [signed-by=$keys] $main $suite main" >"$dir/sources.list"
	log=$(apt_private "$suite" "$arch" apt-get update 2>&1) && ! grep -q '^[WE]:' <<<"$log" ||
		die "no package lists of $suite for $arch: $(grep -m1 '^[WE]:' <<<"$log" || echo 'apt-get update failed')"

	# A mirror of the main archive alone, or one that is just being updated, is no reason to stop.
	if [[ -n $security ]]; then
		cp "$dir/sources.list" "$dir/sources.main"
		echo "deb [signed-by=$keys] $security $suite-security main" >>"$dir/sources.list"
		if ! log=$(apt_private "$suite" "$arch" apt-get update 2>&1) || grep -q '^[WE]:' <<<"$log"; then
			echo "note: going on without $suite-security for $arch: $(grep -m1 '^[WE]:' <<<"$log")" >&2
			mv "$dir/sources.main" "$dir/sources.list"
		fi
	fi
	touch "$dir/fresh"
}

# apt_private_depends SUITE ARCH PACKAGE REGEX: the first dependency whose name matches. The
# end of the pipe reads all, for what writes to one that is left fails.
apt_private_depends()
{
	apt_private "$1" "$2" apt-cache show --no-all-versions "$3" 2>/dev/null |
		sed -n 's/^Depends: //p' | tr ',|' '\n\n' | sed 's/^ *//; s/ .*//' |
		grep -xE "$4" | sed -n 1p
}

# apt_suite ARCH [SUITE]: the host's release, but for an architecture that this release does not have.
apt_suite()
{
	local suite=${2:-}

	suite=${suite:-$(apt_host_suite)}
	[[ $1 != riscv64 || $suite != bookworm ]] || suite=trixie
	echo "$suite"
}

# apt_private_closure ARCH PACKAGE...: the packages that a system with nothing but these would have.
apt_private_closure()
{
	local arch=$1 suite log
	shift

	suite=$(apt_suite "$arch")
	apt_private_update "$suite" "$arch" >&2
	log=$(apt_private "$suite" "$arch" apt-get install -s --no-install-recommends "$@" 2>&1) ||
		die "$suite has no $* for $arch: $(grep -m1 '^E:' <<<"$log")"
	sed -n 's/^Inst \([^ ]*\) .*/\1/p' <<<"$log"
}

# apt_private_fetch ARCH PACKAGES DEST [SUITE]: unpack a package, or several, under DEST (which may
# hold others). SUITE as in apt_suite.
apt_private_fetch()
{
	with_lock apt apt_private_fetch_locked "$@"
}

apt_private_fetch_locked()
{
	local arch=$1 packages=$2 dest=$3 suite tmp log file

	suite=$(apt_suite "$arch" "${4:-}")
	apt_private_update "$suite" "$arch"
	mkdir -p "$dest"
	tmp=$(mktemp -d "$EXTMEM_CACHE/apt/fetch.XXXXXX")
	if ! log=$(apt_private_download_locked "$arch" "$packages" "$tmp" "$suite" 2>&1) ||
	   ! log=$(for file in "$tmp"/*.deb; do dpkg-deb -x "$file" "$dest" || exit; done 2>&1); then
		rm -rf "$tmp"
		die "cannot fetch ${packages//$'\n'/ } of $suite for $arch: $(tail -n1 <<<"$log")"
	fi
	rm -rf "$tmp"
}

# apt_private_download ARCH PACKAGES DEST [SUITE]: the same, not unpacked.
apt_private_download()
{
	with_lock apt apt_private_download_locked "$@"
}

apt_private_download_locked()
{
	local arch=$1 packages=$2 dest=$3 suite

	suite=$(apt_suite "$arch" "${4:-}")
	apt_private_update "$suite" "$arch"
	# shellcheck disable=SC2086 # a list
	if ! (cd "$dest" && apt_private "$suite" "$arch" apt-get download $packages); then
		# A newer version may have replaced the one that our lists name.
		rm -f "$EXTMEM_CACHE/apt/$suite-$arch/fresh"
		return 1
	fi
}
