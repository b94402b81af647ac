// SPDX-License-Identifier: GPL-2.0
/*
 * The init of the guest. What it is to measure comes by the kernel's command line:
 * bench=GROUP[,GROUP...].
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "bench.h"

static char kernel_log[256 * KIB];

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mkdir("/tmp", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
}

/* The kernel has no console for a program that comes before /dev. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);
	int i;

	for (i = 0; i < 3; i++)
		dup2(fd, i);
}

static bool make_file(const char *path, size_t size)
{
	static const char zeros[64 * KIB];
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	size_t done;

	if (fd < 0)
		return false;
	for (done = 0; done < size; done += sizeof(zeros))
		if (write(fd, zeros, sizeof(zeros)) != sizeof(zeros))
			break;
	close(fd);
	return done >= size;
}

/* For who has to find out why something failed. */
static void show_kernel_log(void)
{
	int length = klogctl(3, kernel_log, sizeof(kernel_log) - 1);

	if (length < 0)
		return;
	kernel_log[length] = '\0';
	printf("bench-log:\n%s\n", kernel_log);
}

int main(void)
{
	const char *groups = getenv("bench");

	mount_all();
	open_console();
	set_wanted(groups ? groups : "");
	if (!make_file("/tmp/file", 4 * MIB) || !make_file("/tmp/other", 4 * MIB))
		printf("bench-bug: no file in /tmp\n");

	if (wanted("window") || wanted("window-4k"))
		measure_windows();
	if (wanted("buffer"))
		measure_buffer();
	if (wanted("take-1M") || wanted("take-4M") || wanted("take-16M") ||
	    wanted("take-64M") || wanted("holes-1M") || wanted("holes-16M"))
		measure_buffers();
	if (wanted("share"))
		measure_sharing();
	if (wanted("engine-read") || wanted("engine-write") || wanted("engine-copy"))
		measure_engine();
	if (wanted("disk"))
		measure_disk();
	if (wanted("read") || wanted("write"))
		measure_copies();
	if (wanted("register"))
		measure_register();
	if (wanted("cells"))
		measure_cells();
	if (wanted("threads"))
		measure_threads();
	if (wanted("native-map"))
		measure_small_maps();
	if (wanted("native-read") || wanted("native-write"))
		measure_simulated_copies();

	report();
	show_kernel_log();
	printf("extmem-guest: end\n");
	fflush(stdout);
	tcdrain(1);
	sync();
	/* Some machines can only start again, which QEMU takes for the end, too. */
	reboot(getenv("guest_end") ? RB_AUTOBOOT : RB_POWER_OFF);
	return 0;
}
