# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Memory with a supply and a clock (power-<board>.dtso): on while somebody can touch it,
# off otherwise and while the machine sleeps. Whether it is on is not asked of extmem, but
# of the GPIO line that switches the supply, and of the clock.

. ./lib.sh

mkfifo /tmp/to /tmp/from
echo 1 >/sys/module/suspend/parameters/pm_test_delay

# supply REGION: hi or lo, as the controller's register has it
supply()
{
	local name=sram-supply

	[ "$1" = forgetful ] || name=fram-supply
	sed -n "s/.*|$name *) out \(hi\|lo\).*/\1/p" /sys/kernel/debug/gpio
}

# uses NAME: how many have that supply on, as the kernel counts
uses()
{
	local dir

	for dir in /sys/class/regulator/*; do
		[ "$(cat "$dir/name" 2>/dev/null)" != "$1" ] || cat "$dir/num_users"
	done
}

clock()
{
	cat /sys/kernel/debug/clk/sram-clock/clk_enable_count
}

state()
{
	cat "$class/$1/state"
}

# is_on REGION STATE
is_on()
{
	same "the supply of $1" hi "$(supply "$1")" || return 1
	[ "$1" != forgetful ] || same 'its clock' 1 "$(clock)" || return 1
	same "the state of $1" "$2" "$(state "$1")"
}

# goes_off REGION STATE: a while after its last user, up to ten seconds of an emulated
# machine
goes_off()
{
	local i=0

	while [ "$(supply "$1") $(state "$1")" != "lo $2" ] && [ $i -lt 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	same "the supply of $1" lo "$(supply "$1")" || return 1
	[ "$1" != forgetful ] || same 'its clock' 0 "$(clock)" || return 1
	same "the state of $1" "$2" "$(state "$1")"
}

# stays_on REGION STATE: longer than the 200 ms after which it would go off
stays_on()
{
	sleep 1
	is_on "$1" "$2"
}

# begin map|export REGION: somebody keeps it, without having it open
begin()
{
	/guest/power "$1" "/dev/extmem/$2" </tmp/to >/tmp/from 2>&1 &
	exec 3>/tmp/to 4</tmp/from
	answers ready
}

end()
{
	exec 3>&- 4<&-
	wait
}

answers()
{
	local line

	IFS= read -r line <&4
	same 'the answer' "$1" "$line"
}

# asks COMMAND ANSWER
asks()
{
	echo "$1" >&3
	answers "$2"
}

# sleeps LEVEL: the whole machine, but for what comes after LEVEL, and awakes
sleeps()
{
	echo "$1" >/sys/power/pm_test || return 1
	echo freeze >/sys/power/state || return 1
	echo none >/sys/power/pm_test
}

# Catches: memory that is on from the beginning, for nobody.
at_rest()
{
	goes_off forgetful content-lost && goes_off mindful suspended &&
		same 'users of the supply' 0 "$(uses sram-supply)"
}

# Catches: memory that is off though it is open, or on though it is not.
opened()
{
	local name status=0

	for name in forgetful.content-lost mindful.ready; do
		exec 3<"/dev/extmem/${name%.*}" || return 1
		stays_on "${name%.*}" "${name#*.}" || status=1
		[ "${name%.*}" != forgetful ] ||
			same 'users of the supply' 1 "$(uses sram-supply)" || status=1
		exec 3<&-
	done
	goes_off forgetful content-lost && goes_off mindful suspended && return $status
}

# Catches: a mapping that outlives the power, or that the power outlives.
mapped()
{
	local status=0

	begin map mindful || return 1
	stays_on mindful ready && asks 'put mapped' 'done' && asks get mapped || status=1
	end
	goes_off mindful suspended && return $status
}

# Catches: the same of a window.
exported()
{
	local status=0

	begin export mindful || return 1
	stays_on mindful ready && asks get mapped && asks 'put exported' 'done' &&
		stays_on mindful ready && asks get exported || status=1
	end
	goes_off mindful suspended && return $status
}

# Catches: a state that hides that the memory was off, or that it was written again.
content()
{
	local status=0

	exec 3<>/dev/extmem/forgetful || return 1
	same 'its state' content-lost "$(state forgetful)" || status=1
	echo remember >&3
	same 'its state once it is written' ready "$(state forgetful)" || status=1
	exec 3>&-
	goes_off forgetful content-lost || status=1
	exec 3<>/dev/extmem/forgetful
	stays_on forgetful content-lost || status=1
	echo remember >&3
	is_on forgetful ready || status=1
	exec 3>&-
	goes_off forgetful content-lost && return $status
}

# Catches: a mapping's store that is not seen.
content_by_mapping()
{
	local status=0

	begin map forgetful || return 1
	is_on forgetful content-lost && asks 'put stored' 'done' && is_on forgetful ready || status=1
	end
	goes_off forgetful content-lost && return $status
}

# Catches: loss that is claimed of memory whose supply cannot be switched off.
never_off()
{
	local i=0

	echo stays >/dev/extmem/lasting || return 1
	while [ "$(cat "$class"/lasting/device/power/runtime_status)" != suspended ] &&
		[ $i -lt 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	same 'its state' suspended "$(state lasting)" &&
		same 'users of the supply' 1 "$(uses board-supply)"
}

# sleep_with REGION LEVEL STATE: while somebody has it mapped
sleep_with()
{
	local status=0

	begin map "$1" || return 1
	asks "put before-$2" 'done' && is_on "$1" ready && sleeps "$2" &&
		is_on "$1" "$3" && asks get "before-$2" && stays_on "$1" "$3" &&
		asks "put after-$2" 'done' && asks get "after-$2" || status=1
	end
	return $status
}

# Catches: memory that is on while the machine sleeps, and a mapping that is dead or of
# other memory afterwards. The loss tells that the supply was off.
asleep()
{
	local status=0

	sleep_with forgetful "$1" content-lost || status=1
	goes_off forgetful content-lost || status=1
	sleep_with mindful "$1" ready || status=1
	goes_off mindful suspended && return $status
}

# Catches: a window that is dead afterwards.
asleep_exported()
{
	local status=0

	begin export mindful || return 1
	asks 'put window' 'done' && sleeps devices && is_on mindful ready &&
		asks get window || status=1
	end
	goes_off mindful suspended && return $status
}

# Catches: memory that is on in a sleep that is none of a test's, and a machine that does
# not wake. What has happened since the count of events was told lets it not sleep at all.
asleep_until_alarm()
{
	local status=0 count alarm

	begin map forgetful || return 1
	count=$(cat /sys/power/wakeup_count)
	/guest/power alarm /dev/extmem/fpga-regs 10 >/tmp/alarm 2>&1 &
	alarm=$!
	while ! grep -q . /tmp/alarm; do sleep 0.1; done
	asks 'put until-alarm' 'done' && is_on forgetful ready || status=1
	same 'the helper of the alarm' ready "$(cat /tmp/alarm)" && echo "$count" >/sys/power/wakeup_count &&
		echo freeze >/sys/power/state || status=1
	wait $alarm || { note "the alarm: $(tail -n 1 /tmp/alarm)"; status=1; }
	is_on forgetful content-lost && asks get until-alarm || status=1
	end
	goes_off forgetful content-lost && return $status
}

# Catches: memory that is switched on by the machine's awakening, for nobody.
asleep_at_rest()
{
	sleeps platform && same 'its supply' lo "$(supply mindful)" &&
		same 'its state' suspended "$(state mindful)"
}

# Catches: what the kernel has to say of all this.
quiet()
{
	same 'in the log' '' "$(dmesg -r | sed -n '/extmem-guest: here/,$p' | grep '^<[0-4]>' |
		head -n 3)"
}

say 'extmem-guest: here'
tests='at_rest opened mapped exported content content_by_mapping never_off asleep:devices
	asleep:platform asleep_exported asleep_until_alarm asleep_at_rest quiet'
# shellcheck disable=SC2086 # a list
set -- $tests
plan $#
for name in "$@"; do
	test=$name
	case $name in
	*:*) ${name%:*} "${name#*:}" ;;
	*) $name ;;
	esac
	result $? "$test"
done
finish
