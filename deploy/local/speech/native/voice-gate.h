/*
 * Tells speech from silence and steady noise, 10 ms at a time, so that the decoder only runs while somebody speaks and
 * never invents words in a quiet room. PocketSphinx's own gate removes the silence from the frames it counts, which
 * shifts word times; ours leaves the clock alone.
 */
#ifndef VERBATIM_VOICE_GATE_H
#define VERBATIM_VOICE_GATE_H

#include <stdint.h>

#define FRAME 160 /* samples of 10 ms at 16 kHz */

typedef struct {
  double dc_in, dc_out;      /* one-pole DC blocker */
  double smooth_db;          /* energy over about 50 ms, for the floor */
  double slot_min[8];        /* minimum of smooth_db in each of the last 8 quarter seconds */
  int slot, slot_frames;
  double peak_db;            /* loudest recent speech, sinks 5 dB a second */
  int16_t history[640];      /* last 40 ms, for the pitch test */
} voice_gate;

typedef struct {
  int loud;   /* stands out from the noise floor */
  int voiced; /* loud and periodic like a voice: needs 60..400 Hz pitch */
  double db;
} voice_frame;

void voice_gate_init(voice_gate *gate);
voice_frame voice_gate_step(voice_gate *gate, const int16_t frame[FRAME]);

#endif
