// SPDX-License-Identifier: GPL-2.0
/*
 * The second one: user space changes memory that it has mapped, and the kernel sees the
 * change in its own mapping, which is what read() copies from; and the other way round.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	char from_kernel[32] = "";
	char *shared;
	int fd;

	fd = open("/dev/sram0", O_RDWR);
	if (fd < 0) {
		perror("open /dev/sram0");
		return 1;
	}
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sprintf(shared, "hello from user space");
	if (pread(fd, from_kernel, sizeof(from_kernel) - 1, 0) < 0) {
		perror("read");
		return 1;
	}
	printf("the kernel reads: %s\n", from_kernel);

	if (pwrite(fd, "hello from the kernel", 22, 0) != 22) {
		perror("write");
		return 1;
	}
	printf("user space reads: %s\n", shared);
	close(fd);
	return 0;
}
