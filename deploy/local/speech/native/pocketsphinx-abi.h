/*
 * The few functions of libpocketsphinx.so.3 and libsphinxbase.so.3 that we call, declared here so that no -dev package
 * has to be installed: the run-time libraries come with Debian's `pocketsphinx`, and the soname pins the ABI.
 */
#ifndef VERBATIM_POCKETSPHINX_ABI_H
#define VERBATIM_POCKETSPHINX_ABI_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct ps_decoder_s ps_decoder_t;
typedef struct ps_seg_s ps_seg_t;
typedef struct cmd_ln_s cmd_ln_t;
typedef struct logmath_s logmath_t;

const void *ps_args(void);
cmd_ln_t *cmd_ln_init(cmd_ln_t *previous, const void *definitions, int32_t strict, ...);
void err_set_logfp(FILE *stream);

ps_decoder_t *ps_init(cmd_ln_t *config);
logmath_t *ps_get_logmath(ps_decoder_t *ps);
double logmath_exp(logmath_t *lmath, int logb_p);

int ps_start_utt(ps_decoder_t *ps);
int ps_process_raw(ps_decoder_t *ps, const int16_t *data, size_t n_samples, int no_search, int full_utt);
int ps_end_utt(ps_decoder_t *ps);

ps_seg_t *ps_seg_iter(ps_decoder_t *ps);
ps_seg_t *ps_seg_next(ps_seg_t *seg);
const char *ps_seg_word(ps_seg_t *seg);
void ps_seg_frames(ps_seg_t *seg, int *out_sf, int *out_ef);
int32_t ps_seg_prob(ps_seg_t *seg, int32_t *out_ascr, int32_t *out_lscr, int32_t *out_lback);
void ps_seg_free(ps_seg_t *seg);

#endif
