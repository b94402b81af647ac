// SPDX-License-Identifier: GPL-2.0
/*
 * Accesses of one width: each unit of a range once, in order, and never as a part of
 * another access. Where nothing depends on the width, a range is one block.
 */
#include <linux/io.h>
#include <linux/iosys-map.h>
#include <linux/swab.h>
#include <linux/unaligned.h>

#include "internal.h"

static bool is_big_endian(enum extmem_byte_order order)
{
	if (order == EXTMEM_NATIVE_ENDIAN)
		return IS_ENABLED(CONFIG_CPU_BIG_ENDIAN);
	return order == EXTMEM_BIG_ENDIAN;
}

/* Registers of which nothing is said are of 32 bits, or of what fits. */
static u8 natural_width(u64 addr, size_t size)
{
	u64 bits = addr | size | sizeof(u32);

	return bits & -bits;
}

/**
 * extmem_units() - how a range of a region must be accessed
 * @desc: of the region
 * @offset: first byte
 * @size: bytes
 *
 * Registers hold numbers, of which the CPU has its own order of bytes. Other memory
 * holds bytes, which stay as they lie.
 *
 * Return: the units; their width is 0 if nothing depends on it.
 */
struct extmem_units extmem_units(const struct extmem_desc *desc, u64 offset,
				 size_t size)
{
	struct extmem_units units = { .width = desc->io_width };

	if (desc->type == EXTMEM_MMIO) {
		units.big_endian = is_big_endian(desc->byte_order);
		if (!units.width)
			units.width = natural_width(desc->base + offset, size);
	} else if (desc->policy == EXTMEM_UNCACHED) {
		units.big_endian = is_big_endian(EXTMEM_NATIVE_ENDIAN);
	} else {
		units.width = 0;	/* the CPU merges accesses as it likes */
	}
	return units;
}

static u8 read_8(const struct iosys_map *map, size_t offset)
{
	return map->is_iomem ? readb(map->vaddr_iomem + offset) :
			       READ_ONCE(*(u8 *)(map->vaddr + offset));
}

static u16 read_16(const struct iosys_map *map, size_t offset, bool big_endian)
{
	u16 value = map->is_iomem ? readw(map->vaddr_iomem + offset) :
			le16_to_cpu(READ_ONCE(*(__le16 *)(map->vaddr + offset)));

	return big_endian ? swab16(value) : value;
}

static u32 read_32(const struct iosys_map *map, size_t offset, bool big_endian)
{
	u32 value = map->is_iomem ? readl(map->vaddr_iomem + offset) :
			le32_to_cpu(READ_ONCE(*(__le32 *)(map->vaddr + offset)));

	return big_endian ? swab32(value) : value;
}

static void write_8(struct iosys_map *map, size_t offset, u8 value)
{
	if (map->is_iomem)
		writeb(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(u8 *)(map->vaddr + offset), value);
}

static void write_16(struct iosys_map *map, size_t offset, u16 value, bool big_endian)
{
	if (big_endian)
		value = swab16(value);
	if (map->is_iomem)
		writew(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(__le16 *)(map->vaddr + offset), cpu_to_le16(value));
}

static void write_32(struct iosys_map *map, size_t offset, u32 value, bool big_endian)
{
	if (big_endian)
		value = swab32(value);
	if (map->is_iomem)
		writel(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(__le32 *)(map->vaddr + offset), cpu_to_le32(value));
}

#ifdef CONFIG_64BIT
static u64 read_64(const struct iosys_map *map, size_t offset, bool big_endian)
{
	u64 value = map->is_iomem ? readq(map->vaddr_iomem + offset) :
			le64_to_cpu(READ_ONCE(*(__le64 *)(map->vaddr + offset)));

	return big_endian ? swab64(value) : value;
}

static void write_64(struct iosys_map *map, size_t offset, u64 value, bool big_endian)
{
	if (big_endian)
		value = swab64(value);
	if (map->is_iomem)
		writeq(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(__le64 *)(map->vaddr + offset), cpu_to_le64(value));
}
#else
/* Never called: rules.c refuses such a width here. */
static u64 read_64(const struct iosys_map *map, size_t offset, bool big_endian)
{
	return 0;
}

static void write_64(struct iosys_map *map, size_t offset, u64 value, bool big_endian)
{
}
#endif

static void read_block(const struct iosys_map *map, void *to, size_t size)
{
	if (map->is_iomem)
		memcpy_fromio(to, map->vaddr_iomem, size);
	else
		extmem_copy_streaming(to, map->vaddr, size);
}

/**
 * extmem_units_read() - read a range unit by unit
 * @units: what extmem_units() gave
 * @map: the range
 * @to: where to
 * @size: bytes; a multiple of the width
 */
void extmem_units_read(struct extmem_units units, const struct iosys_map *map,
		       void *to, size_t size)
{
	size_t i;

	if (!units.width)
		return read_block(map, to, size);
	for (i = 0; i < size; i += units.width) {
		switch (units.width) {
		case 1:
			*(u8 *)(to + i) = read_8(map, i);
			break;
		case 2:
			put_unaligned(read_16(map, i, units.big_endian), (u16 *)(to + i));
			break;
		case 4:
			put_unaligned(read_32(map, i, units.big_endian), (u32 *)(to + i));
			break;
		case 8:
			put_unaligned(read_64(map, i, units.big_endian), (u64 *)(to + i));
			break;
		}
	}
}

/**
 * extmem_units_write() - write a range unit by unit
 * @units: what extmem_units() gave
 * @map: the range
 * @from: where from
 * @size: bytes; a multiple of the width
 */
void extmem_units_write(struct extmem_units units, struct iosys_map *map,
			const void *from, size_t size)
{
	size_t i;

	if (!units.width)
		return iosys_map_memcpy_to(map, 0, from, size);
	for (i = 0; i < size; i += units.width) {
		switch (units.width) {
		case 1:
			write_8(map, i, *(u8 *)(from + i));
			break;
		case 2:
			write_16(map, i, get_unaligned((u16 *)(from + i)), units.big_endian);
			break;
		case 4:
			write_32(map, i, get_unaligned((u32 *)(from + i)), units.big_endian);
			break;
		case 8:
			write_64(map, i, get_unaligned((u64 *)(from + i)), units.big_endian);
			break;
		}
	}
}

/**
 * extmem_units_fill() - write the same to each byte of a range
 * @units: what extmem_units() gave
 * @map: the range
 * @value: of a byte
 * @size: bytes; a multiple of the width
 */
void extmem_units_fill(struct extmem_units units, const struct iosys_map *map, u8 value,
		       size_t size)
{
	struct iosys_map at = *map;
	u8 unit[sizeof(u64)];

	if (!units.width)
		return iosys_map_memset(&at, 0, value, size);
	memset(unit, value, sizeof(unit));
	for (; size; size -= units.width) {
		extmem_units_write(units, &at, unit, units.width);
		iosys_map_incr(&at, units.width);
	}
}
