#include "voice-gate.h"

#include <math.h>
#include <string.h>

#define FLOOR_START_DB 25.0  /* a quiet room, until two seconds have been heard */
#define FLOOR_LOWEST_DB 20.0
#define ABOVE_FLOOR_DB 9.0
#define QUIETEST_SPEECH_DB 33.0 /* about -57 dBFS */
#define BELOW_PEAK_DB 38.0
#define PERIODIC 0.6 /* white noise reaches about 0.3 with this window */

void voice_gate_init(voice_gate *gate) {
  memset(gate, 0, sizeof *gate);
  gate->smooth_db = FLOOR_START_DB;
  for (int i = 0; i < 8; i++) gate->slot_min[i] = FLOOR_START_DB;
}

static double frame_db(voice_gate *gate, const int16_t *frame) {
  double sum = 0;
  for (int i = 0; i < FRAME; i++) {
    double out = frame[i] - gate->dc_in + 0.95 * gate->dc_out;
    gate->dc_in = frame[i];
    gate->dc_out = out;
    sum += out * out;
  }
  return 10 * log10(sum / FRAME + 1);
}

/* Minimum statistics: speech dips to the floor within two seconds, steady noise is the floor. */
static double follow_floor(voice_gate *gate, double db) {
  gate->smooth_db += (db - gate->smooth_db) * 0.2;
  if (gate->slot_frames == 0 || gate->smooth_db < gate->slot_min[gate->slot]) gate->slot_min[gate->slot] = gate->smooth_db;
  if (++gate->slot_frames == 25) {
    gate->slot = (gate->slot + 1) % 8;
    gate->slot_frames = 0;
    gate->slot_min[gate->slot] = gate->smooth_db;
  }
  double lowest = gate->slot_min[0];
  for (int i = 1; i < 8; i++) lowest = fmin(lowest, gate->slot_min[i]);
  return fmax(lowest, FLOOR_LOWEST_DB);
}

/* Largest normalised autocorrelation between 60 and 400 Hz over the last 40 ms, at 4 kHz. */
static double periodicity(const int16_t *history) {
  double x[160];
  for (int i = 0; i < 160; i++) {
    const int16_t *h = history + 4 * i;
    x[i] = h[0] + h[1] + h[2] + h[3];
  }
  double best = 0;
  for (int lag = 10; lag <= 66; lag++) {
    double cross = 0, a = 1, b = 1;
    for (int i = lag; i < 160; i++) {
      cross += x[i] * x[i - lag];
      a += x[i] * x[i];
      b += x[i - lag] * x[i - lag];
    }
    best = fmax(best, cross / sqrt(a * b));
  }
  return best;
}

voice_frame voice_gate_step(voice_gate *gate, const int16_t frame[FRAME]) {
  memmove(gate->history, gate->history + FRAME, (640 - FRAME) * sizeof(int16_t));
  memcpy(gate->history + 640 - FRAME, frame, FRAME * sizeof(int16_t));
  double db = frame_db(gate, frame);
  double floor_db = follow_floor(gate, db);
  gate->peak_db = fmax(gate->peak_db - 0.05, db);
  double threshold = fmax(fmax(floor_db + ABOVE_FLOOR_DB, QUIETEST_SPEECH_DB), gate->peak_db - BELOW_PEAK_DB);
  voice_frame seen = {.loud = db > threshold, .voiced = 0, .db = db};
  if (seen.loud) seen.voiced = periodicity(gate->history) > PERIODIC;
  return seen;
}
