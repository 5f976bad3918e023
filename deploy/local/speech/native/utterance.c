#include "utterance.h"

#include <string.h>

#define HOP 160
/* A 25.6 ms analysis window starts at its frame's hop, so what a frame speaks of lies half the overlap later. */
#define WINDOW_LAG 125

ps_decoder_t *load_decoder(const char *model_dir) {
  char hmm[1024], lm[1024], dict[1024];
  snprintf(hmm, sizeof hmm, "%s/en-us", model_dir);
  snprintf(lm, sizeof lm, "%s/en-us.lm.bin", model_dir);
  snprintf(dict, sizeof dict, "%s/cmudict-en-us.dict", model_dir);
  err_set_logfp(NULL);
  /* Measured on 60 sentences of interview English by flite's slt and rms (573 words each), against the defaults: word
   * errors 8.0 and 4.7 % instead of 9.4 and 4.5 %, CPU 0.11 s per second of speech instead of 0.19. -ds 2 costs
   * half as many errors again, -lw 8 and narrower beams as much or more. */
  cmd_ln_t *config =
      cmd_ln_init(NULL, ps_args(), 1, "-hmm", hmm, "-lm", lm, "-dict", dict, "-cmn", "live", "-remove_silence", "no",
                  "-maxhmmpf", "3000", "-topn", "2", "-lw", "5.5", NULL);
  return config ? ps_init(config) : NULL;
}

int utterance_begin(utterance *u, int64_t start) {
  u->start = start;
  u->length = 0;
  return ps_start_utt(u->ps);
}

int utterance_feed(utterance *u, const int16_t *samples, int count) {
  if (u->length + count > MOST_SAMPLES) return -1;
  memcpy(u->samples + u->length, samples, count * sizeof(int16_t));
  u->length += count;
  return ps_process_raw(u->ps, samples, count, 0, 0) < 0 ? -1 : 0;
}

int utterance_close(utterance *u) { return ps_end_utt(u->ps); }

/* Silence and noise are written <sil> and [NOISE]; the second pronunciation of a word is written word(2). */
static int spell(const char *raw, char *text, size_t room) {
  if (raw == NULL || raw[0] == '<' || raw[0] == '[' || raw[0] == '+') return 0;
  size_t n = 0;
  for (; raw[n] != '\0' && raw[n] != '(' && n + 1 < room; n++) text[n] = raw[n];
  text[n] = '\0';
  return n > 0;
}

int utterance_words(utterance *u, spoken_word *words, int most) {
  int n = 0, base = -1;
  for (ps_seg_t *seg = ps_seg_iter(u->ps); seg != NULL; seg = ps_seg_next(seg)) {
    if (n == most) {
      ps_seg_free(seg);
      break;
    }
    int first = 0, last = 0;
    ps_seg_frames(seg, &first, &last);
    if (base < 0) base = first; /* the library counts frames over all utterances; <s> opens this one */
    spoken_word *word = &words[n];
    if (!spell(ps_seg_word(seg), word->text, sizeof word->text)) continue;
    word->start = u->start + (int64_t)(first - base) * HOP + WINDOW_LAG;
    word->end = u->start + (int64_t)(last + 1 - base) * HOP + WINDOW_LAG;
    word->confidence = logmath_exp(ps_get_logmath(u->ps), ps_seg_prob(seg, NULL, NULL, NULL));
    n++;
  }
  return n;
}
