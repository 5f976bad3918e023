#include "stream.h"

#include <stdio.h>
#include <string.h>

#include "voice-gate.h"

#define PREROLL 25          /* frames kept before the first loud one */
#define ONSET_WINDOW 10     /* frames looked at to decide that speech has begun ... */
#define ONSET_LOUD 6        /* ... and how many of them must be loud */
#define VOICED_NEEDED 6     /* an utterance without 60 ms of voice is a noise */
#define NOISE_DROP_DB 6.0   /* speech ends at least so far below its own mean; steady noise only becomes the floor */
#define SOFT_LIMIT (10 * RATE)
#define HARD_LIMIT (15 * RATE)
#define SOFT_PAUSE 15       /* frames of pause that end an utterance past the soft limit */
#define PARTIAL_EVERY (RATE / 20) /* how often the hypothesis is looked at; it is told when it has changed ... */
#define REPEAT_EVERY (RATE * 6 / 10) /* ... or when nothing was told for so long */
#define QUIET_EVERY (3 * RATE)
#define HEARD_EVERY (RATE / 4)

static void write_words(stream *s, const spoken_word *words, int count) {
  fprintf(s->out, "\"words\":[");
  for (int i = 0; i < count; i++) {
    fprintf(s->out, "%s[\"", i ? "," : "");
    for (const char *c = words[i].text; *c; c++) {
      if (*c == '"' || *c == '\\') fputc('\\', s->out);
      fputc(*c, s->out);
    }
    fprintf(s->out, "\",%lld,%lld,%.3f]", (long long)words[i].start, (long long)words[i].end, words[i].confidence);
  }
  fprintf(s->out, "]}\n");
  fflush(s->out);
}

static void tell_final(stream *s, const char *cause, int64_t to, const spoken_word *words, int count) {
  fprintf(s->out, "{\"type\":\"final\",\"cause\":\"%s\",\"to\":%lld,", cause, (long long)to);
  write_words(s, words, count);
  s->told = to;
}

static int loud_at(const stream *s, int64_t position) { return s->loud[position / FRAME % LOUD_FRAMES]; }

/* The decoder gives the breath around a pause to the word beside it, up to 100 ms: measured against flite's own times.
 * The first and the last sound of a word beside a pause are where the sound is. */
static void trim_words(const stream *s, spoken_word *words, int count) {
  for (int i = 0; i < count; i++) {
    spoken_word *w = &words[i];
    int pause_before = i == 0 || words[i - 1].end < w->start;
    int pause_after = i + 1 == count || w->end < words[i + 1].start;
    int64_t middle = (w->start + w->end) / 2;
    while (pause_before && w->start + FRAME <= middle && !loud_at(s, w->start)) w->start += FRAME;
    while (pause_after && w->end - FRAME >= middle && !loud_at(s, w->end - FRAME)) w->end -= FRAME;
  }
}

static void tell_partial(stream *s) {
  static spoken_word words[MOST_WORDS];
  int count = utterance_words(&s->utterance, words, MOST_WORDS);
  trim_words(s, words, count);
  unsigned hash = 5381;
  for (int i = 0; i < count; i++)
    for (const char *c = words[i].text;; c++) {
      hash = hash * 33 + (unsigned char)*c;
      if (!*c) break;
    }
  if (count == 0 || (hash == s->partial_hash && s->at - s->partial_at < REPEAT_EVERY)) return;
  s->partial_hash = hash;
  s->partial_at = s->at;
  fprintf(s->out, "{\"type\":\"partial\",\"to\":%lld,", (long long)s->at);
  write_words(s, words, count);
}

static int begin(stream *s, int64_t start) {
  s->speaking = 1;
  s->told_start = 0;
  s->voiced = 0;
  s->silent_run = 0;
  s->loud_frames = 0;
  s->loud_db = 0;
  s->partial_hash = 0;
  s->next_partial = s->at + PARTIAL_EVERY;
  return utterance_begin(&s->utterance, start);
}

/* Noise that began suddenly and stayed is taken for speech until the floor has risen to it. */
static int was_speech(const stream *s, const char *cause) {
  if (s->voiced < VOICED_NEEDED) return 0;
  if (strcmp(cause, "silence") != 0 || s->loud_frames == 0) return 1;
  return s->gate.smooth_db < s->loud_db / s->loud_frames - NOISE_DROP_DB;
}

/* Ends the utterance. Past the hard limit the last word may be cut in half: it is heard again in the next utterance. */
static int finish(stream *s, const char *cause, int keep_tail) {
  static spoken_word words[MOST_WORDS];
  static int16_t tail[MOST_SAMPLES];
  utterance *u = &s->utterance;
  if (utterance_close(u) < 0) return -1;
  s->speaking = 0;
  int count = was_speech(s, cause) ? utterance_words(u, words, MOST_WORDS) : 0;
  trim_words(s, words, count);
  int64_t cut = s->at;
  if (keep_tail && count > 1) cut = words[--count].start;
  int rest = (int)(u->start + u->length - cut);
  tell_final(s, cause, cut, words, count);
  s->ended_at = cut;
  if (!keep_tail) return 0;
  if (rest > u->length) rest = u->length;
  memcpy(tail, u->samples + u->length - rest, rest * sizeof(int16_t));
  int voiced = s->voiced;
  if (begin(s, cut) < 0) return -1;
  s->voiced = voiced;
  s->told_start = 1;
  return rest > 0 ? utterance_feed(u, tail, rest) : 0;
}

static int hear_speech(stream *s, const int16_t *frame, voice_frame seen) {
  if (utterance_feed(&s->utterance, frame, FRAME) < 0) return -1;
  s->silent_run = seen.loud ? 0 : s->silent_run + 1;
  s->voiced += seen.voiced;
  s->loud_frames += seen.loud;
  s->loud_db += seen.loud ? seen.db : 0;
  if (s->voiced >= VOICED_NEEDED && !s->told_start) {
    s->told_start = 1;
    fprintf(s->out, "{\"type\":\"speech\",\"at\":%lld}\n", (long long)s->utterance.start);
    fflush(s->out);
  }
  if (s->silent_run >= s->pause_frames) return finish(s, "silence", 0);
  if (s->utterance.length >= SOFT_LIMIT && s->silent_run >= SOFT_PAUSE) return finish(s, "long", 0);
  if (s->utterance.length >= HARD_LIMIT) return finish(s, "long", 1);
  if (s->at >= s->next_partial && s->voiced >= VOICED_NEEDED) {
    s->next_partial = s->at + PARTIAL_EVERY;
    if (!s->behind) tell_partial(s);
  }
  return 0;
}

static int hear_silence(stream *s, const int16_t *frame, voice_frame seen) {
  memmove(s->recent, s->recent + FRAME, sizeof s->recent - FRAME * sizeof(int16_t));
  memcpy(s->recent + (RECENT_FRAMES - 1) * FRAME, frame, FRAME * sizeof(int16_t));
  s->voiced_recent = seen.voiced ? s->voiced_recent + 1 : s->voiced_recent * 3 / 4;
  int loud = 0;
  for (int64_t at = s->at - ONSET_WINDOW * FRAME; at < s->at; at += FRAME) loud += at >= s->ended_at && loud_at(s, at);
  if (loud >= ONSET_LOUD) {
    int64_t back = (int64_t)(ONSET_WINDOW + PREROLL) * FRAME;
    if (back > s->at - s->ended_at) back = s->at - s->ended_at;
    back -= back % FRAME;
    int voiced = s->voiced_recent;
    s->voiced_recent = 0;
    if (begin(s, s->at - back) < 0) return -1;
    s->voiced = voiced;
    return utterance_feed(&s->utterance, s->recent + RECENT_FRAMES * FRAME - back, (int)back);
  }
  if (s->at % HEARD_EVERY == 0) {
    fprintf(s->out, "{\"type\":\"heard\",\"to\":%lld}\n", (long long)s->at);
    fflush(s->out);
  }
  if (s->at - s->told >= QUIET_EVERY) tell_final(s, "quiet", s->at - (ONSET_WINDOW + PREROLL) * FRAME, NULL, 0);
  return 0;
}

void stream_init(stream *s, ps_decoder_t *ps, FILE *out) {
  memset(s, 0, sizeof *s);
  s->utterance.ps = ps;
  s->out = out;
  s->pause_frames = 50;
  voice_gate_init(&s->gate);
}

int stream_hear(stream *s, const int16_t *samples, int count) {
  while (count > 0) {
    int take = FRAME - s->partly;
    if (take > count) take = count;
    memcpy(s->frame + s->partly, samples, take * sizeof(int16_t));
    s->partly += take;
    samples += take;
    count -= take;
    if (s->partly < FRAME) break;
    s->partly = 0;
    voice_frame seen = voice_gate_step(&s->gate, s->frame);
    s->loud[s->at / FRAME % LOUD_FRAMES] = (char)seen.loud;
    s->at += FRAME;
    if ((s->speaking ? hear_speech(s, s->frame, seen) : hear_silence(s, s->frame, seen)) < 0) return -1;
  }
  return 0;
}

int stream_flush(stream *s, const char *cause) {
  if (s->speaking) return finish(s, cause, 0);
  tell_final(s, cause, s->at, NULL, 0);
  s->ended_at = s->at;
  return 0;
}
