/* One decoder and the utterance it is hearing: audio in, words with positions out. All positions are samples at 16 kHz
 * counted from the first byte of the stream. */
#ifndef VERBATIM_UTTERANCE_H
#define VERBATIM_UTTERANCE_H

#include "pocketsphinx-abi.h"

#define RATE 16000
#define MOST_SAMPLES (20 * RATE)
#define MOST_WORDS 400

typedef struct {
  char text[64];
  int64_t start, end;
  double confidence;
} spoken_word;

typedef struct {
  ps_decoder_t *ps;
  int64_t start; /* position of samples[0] */
  int length;
  int16_t samples[MOST_SAMPLES];
} utterance;

ps_decoder_t *load_decoder(const char *model_dir);
int utterance_begin(utterance *u, int64_t start);
int utterance_feed(utterance *u, const int16_t *samples, int count);
int utterance_close(utterance *u);
/* The best words so far, or of the whole after utterance_close. Returns how many. */
int utterance_words(utterance *u, spoken_word *words, int most);

#endif
