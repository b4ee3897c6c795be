/* low_default.h - a PD for a book in which few defaulted, or nobody.
 *
 * Pluto and Tasche 2005, "Estimating probabilities of default for low default portfolios": the
 * highest PD that so few defaults still leave plausible; with a correlation in the one-factor model
 * of a year.  Where there are some defaults, their rate is drawn towards the model's by kappa
 * imagined companies. */
#ifndef MONITOR_LOW_DEFAULT_H
#define MONITOR_LOW_DEFAULT_H

#include <stdint.h>

/* The PD at which at most d of n default with probability 1 - confidence.
 * Requires: n > 0, d <= n, 0 < confidence < 1, 0 <= correlation < 1. */
double pluto_tasche(uint32_t n, uint32_t d, double confidence, double correlation);
/* (d + kappa * prior) / (n + kappa).  Requires: n + kappa > 0. */
double bayes_shrunk(uint32_t n, uint32_t d, double prior, double kappa);

#endif
