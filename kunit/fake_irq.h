/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interrupt controller without hardware, for a node of an overlay's: its lines are
 * raised, lowered and pulsed by the test, and come when the test lets them.
 */
#ifndef _EXTMEM_FAKE_IRQ_H
#define _EXTMEM_FAKE_IRQ_H

#include <linux/irqdomain.h>

struct kunit;

#define FAKE_IRQ_LINES	4
#define FAKE_IRQ_STORM	100	/* how often a line that stays up comes, at most */

/**
 * struct fake_irq_line - an input of the controller's
 * @up: a level is there
 * @latched: an edge is there, and was not told of yet
 * @masked: nobody is told of it
 * @wakes: it is to wake the machine
 * @comes_at_once: before who enables it goes on, without fake_irq_run()
 */
struct fake_irq_line {
	bool up;
	bool latched;
	bool masked;
	bool wakes;
	bool comes_at_once;
};

/**
 * struct fake_irq - the controller
 * @domain: of it
 * @lines: its inputs
 * @no_line: it does not know any of them
 * @no_type: none has the trigger that it is to have
 * @no_wake: none can wake the machine
 */
struct fake_irq {
	struct irq_domain *domain;
	struct fake_irq_line lines[FAKE_IRQ_LINES];
	bool no_line;
	bool no_type;
	bool no_wake;
};

struct fake_irq *fake_irq_new(struct kunit *test, const char *node);
void fake_irq_remove(struct kunit *test, struct fake_irq *fake);
unsigned int fake_irq_run(struct fake_irq *fake, unsigned int line);
unsigned int fake_irq_pulse(struct fake_irq *fake, unsigned int line);
unsigned int fake_irq_number(struct fake_irq *fake, unsigned int line, unsigned int type);

#endif /* _EXTMEM_FAKE_IRQ_H */
