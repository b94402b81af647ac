/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs that try to hurt the kernel share: a watchdog, random numbers that
 * can be had again, faults that are caught, and the region that a program is about.
 */
#ifndef _GUEST_STRESS_H
#define _GUEST_STRESS_H

#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <sys/types.h>

#include <linux/extmem.h>

/* As in the kernel. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(number) (1UL << (number))

/* The longest that one step of a program may take, in seconds. */
#define STEP_LIMIT 60

/**
 * struct stress_region - a region, as sysfs has it
 * @name: of it
 * @path: its node in /dev
 * @device: the platform device that it hangs on, as the driver's unbind wants it
 * @type: of its memory
 * @policy: its cache-policy
 * @size: in bytes
 * @read_only: it cannot be written
 */
struct stress_region {
	char name[EXTMEM_NAME_SIZE];
	char path[EXTMEM_NAME_SIZE + 16];
	char device[64];
	char type[16];
	char policy[16];
	uint64_t size;
	bool read_only;
};

extern long page_size;

/* Ends the program, which has failed. */
#define fail(...)			\
	do {				\
		printf(__VA_ARGS__);	\
		fail_now();		\
	} while (0)
noreturn void fail_now(void);

/* Catches: whatever hangs. Forks; who returns is watched, and his parent never does. */
void watch(void);

/* A step begins, which is not to last longer than STEP_LIMIT. */
#define step(...)						\
	do {							\
		snprintf(step_name, STEP_NAME_SIZE, __VA_ARGS__);	\
		step_begin();					\
	} while (0)
#define STEP_NAME_SIZE 128
extern char *step_name;
void step_begin(void);

uint64_t draw(uint64_t *state);
uint64_t draw_below(uint64_t *state, uint64_t limit);

double now(void);
void doze(unsigned int microseconds);

ssize_t read_text(const char *path, char *text, size_t size);
void find_region(const char *name, struct stress_region *region);
/* Returns: 0 or a negative errno. */
int driver_write(const char *file, const char *device);
int sync_region(int fd, unsigned int flags, uint64_t offset, uint64_t length);
int info_of_region(int fd, struct extmem_info *info);

/*
 * Accesses that may fault:
 *
 *	if (FAULTS())
 *		return;
 *	poke8(address, 1);
 *	fault_end();
 */
extern __thread sigjmp_buf fault_jump;
extern __thread atomic_bool fault_expected;
extern __thread atomic_uintptr_t fault_address;
extern __thread atomic_int fault_signal;

static inline void fault_begin(void)
{
	fault_expected = true;
}

#define FAULTS() (fault_begin(), sigsetjmp(fault_jump, 0))

static inline void fault_end(void)
{
	fault_expected = false;
}

/* One access each, that the compiler neither leaves out nor repeats. */
static inline uint8_t peek8(const void *address)
{
	return __atomic_load_n((const uint8_t *)address, __ATOMIC_RELAXED);
}

static inline void poke8(void *address, uint8_t value)
{
	__atomic_store_n((uint8_t *)address, value, __ATOMIC_RELAXED);
}

static inline uint32_t peek32(const void *address)
{
	return __atomic_load_n((const uint32_t *)address, __ATOMIC_RELAXED);
}

static inline void poke32(void *address, uint32_t value)
{
	__atomic_store_n((uint32_t *)address, value, __ATOMIC_RELAXED);
}

/* SIGBUS and SIGSEGV come back to FAULTS(). */
void catch_faults(void);

#endif /* _GUEST_STRESS_H */
