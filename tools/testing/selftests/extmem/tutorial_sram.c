// SPDX-License-Identifier: GPL-2.0
/*
 * The first program that anybody writes for an SRAM on a board: map it, store two
 * bytes, read them back.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define SRAM_SIZE (1024 * 1024)

int main(void)
{
	unsigned char *sram;
	int fd;

	fd = open("/dev/sram0", O_RDWR);
	if (fd < 0) {
		perror("open /dev/sram0");
		return 1;
	}
	sram = mmap(NULL, SRAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (sram == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	sram[0] = 0xAB;
	sram[1] = 0xCD;
	printf("written\n");
	printf("sram[0] = 0x%02X\n", sram[0]);
	printf("sram[1] = 0x%02X\n", sram[1]);
	munmap(sram, SRAM_SIZE);
	close(fd);
	return 0;
}
