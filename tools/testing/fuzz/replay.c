// SPDX-License-Identifier: GPL-2.0
/*
 * replay FILE...: what libFuzzer does with one file, without it, for each of them. It says
 * nothing, and ends at the first that is a find.
 */
#include <stdlib.h>

#include <linux/kernel.h>

#include "fuzz.h"

/* For the mutators, which nobody calls here. */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max_size)
{
	(void)data;
	(void)max_size;
	return size;
}

static void replay(const char *name)
{
	FILE *file = fopen(name, "rb");
	size_t size;
	u8 *data;

	if (!file || fseek(file, 0, SEEK_END)) {
		perror(name);
		exit(2);
	}
	size = ftell(file);
	rewind(file);
	/* As large as the file, so that a read behind it is seen. */
	data = malloc(size);
	if (!data || fread(data, 1, size, file) != size) {
		perror(name);
		exit(2);
	}
	fclose(file);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

int main(int argc, char **argv)
{
	int i;

	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (i = 1; i < argc; i++)
		replay(argv[i]);
	return 0;
}
