// SPDX-License-Identifier: GPL-2.0
/*
 * show SEED ROUND <DTBO >DTBO: the overlay that a round of extmem_fuzz applies.
 */
#include <stdlib.h>

#include <linux/kernel.h>
#include <linux/libfdt.h>

#include "mutate.h"

#define SIZE 32768

int main(int argc, char **argv)
{
	static char given[SIZE], fdt[SIZE];
	size_t size;

	if (argc != 3) {
		fprintf(stderr, "usage: show SEED ROUND <DTBO >DTBO\n");
		return 2;
	}
	size = fread(given, 1, sizeof(given), stdin);
	if (fdt_check_full(given, size) || fdt_open_into(given, fdt, sizeof(fdt))) {
		fprintf(stderr, "show: no flattened tree\n");
		return 1;
	}
	mutate_overlay(fdt, strtoul(argv[1], NULL, 0), strtoul(argv[2], NULL, 0));
	fdt_pack(fdt);
	return fwrite(fdt, 1, fdt_totalsize(fdt), stdout) != fdt_totalsize(fdt);
}
