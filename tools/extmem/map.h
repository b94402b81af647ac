/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What extmem map has beside the picture.
 */
#ifndef EXTMEM_MAP_H
#define EXTMEM_MAP_H

#include "picture.h"

/*
 * The boxes of a machine that runs, from what it shows below @root. Return: an exit code,
 * after a line if it is not EXIT_GOOD.
 */
int map_live(struct picture *picture, const char *root, const struct board_options *options);

/* As SVG; a file is there as a whole or not at all. Return: as above. */
int map_write(struct picture *picture, const char *file);

#endif /* EXTMEM_MAP_H */
