// SPDX-License-Identifier: GPL-2.0
/*
 * From an FPGA to a disk without a copy: what a device has put into a region goes to a file
 * past the CPU and the page cache.
 *
 *	tutorial_capture /dev/extmem/capture /data/frame 1048576
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/extmem.h>

int main(int argc, char **argv)
{
	struct extmem_sync sync = { .size = sizeof(sync), .flags = EXTMEM_SYNC_READ };
	int region, file;
	size_t size;
	char *at;

	if (argc != 4)
		errx(1, "usage: tutorial_capture REGION FILE BYTES");
	size = strtoull(argv[3], NULL, 0);
	region = open(argv[1], O_RDWR);
	if (region < 0)
		err(1, "%s", argv[1]);
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, region, 0);
	if (at == MAP_FAILED)
		err(1, "mmap");

	/* ... wait for the FPGA to say that the frame is there ... */

	/* The disk must see what the FPGA wrote, and not what the CPU's caches have. */
	sync.length = size;
	if (ioctl(region, EXTMEM_IOC_SYNC, &sync))
		err(1, "EXTMEM_IOC_SYNC");
	file = open(argv[2], O_WRONLY | O_CREAT | O_DIRECT, 0600);
	if (file < 0)
		err(1, "%s", argv[2]);
	if (write(file, at, size) != (ssize_t)size)
		err(1, "write: EFAULT means that direct_io of the region is no");
	close(file);
	munmap(at, size);
	close(region);
	return 0;
}
