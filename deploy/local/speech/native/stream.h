/* One client's audio: cuts it into utterances and writes what is heard as JSON lines. */
#ifndef VERBATIM_STREAM_H
#define VERBATIM_STREAM_H

#include "utterance.h"
#include "voice-gate.h"

#define RECENT_FRAMES 40
#define LOUD_FRAMES 4096 /* 40 s, more than the longest utterance */

typedef struct {
  FILE *out;
  int pause_frames;        /* how long a silence ends an utterance */
  int behind;              /* more audio waits: skip partial results until caught up */
  int64_t at;              /* samples heard, whole frames */
  int64_t told, ended_at;  /* end of the last final; where the next utterance may begin */
  int speaking, told_start, voiced, voiced_recent, silent_run;
  int loud_frames;         /* of this utterance, and the sum of their levels */
  double loud_db;
  unsigned partial_hash;
  int64_t next_partial, partial_at;
  int16_t frame[FRAME];
  int partly;
  int16_t recent[RECENT_FRAMES * FRAME];
  char loud[LOUD_FRAMES];  /* was this frame loud? A ring by frame number */
  voice_gate gate;
  utterance utterance;
} stream;

void stream_init(stream *s, ps_decoder_t *ps, FILE *out);
int stream_hear(stream *s, const int16_t *samples, int count);
/* Ends what is being said now and tells a final with this cause, also when nothing was said. */
int stream_flush(stream *s, const char *cause);

#endif
