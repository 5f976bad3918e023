/*
 * recognise SOCKET MODEL_DIR
 *
 * Loads the speech model once, prints "ready" and forks a child for every connection to the unix socket, so that a stream
 * starts at once, shares the model's memory with the others and can die without them. Ends when stdin does, and its
 * children with it.
 *
 * A connection sends records: one letter, a 32-bit little-endian length, the payload.
 *   C  pause that ends an utterance, in ms (32-bit little-endian)
 *   A  audio, 16 kHz 16-bit mono little-endian
 *   F  finalize: tell what was heard so far
 *   E  end: as F, then the connection is closed
 * It gets JSON lines: speech, partial, final.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "stream.h"

#define MOST_PAYLOAD (1 << 20)
#define BEHIND_BYTES 16000 /* half a second of audio waiting */

static int read_all(int fd, void *into, size_t count) {
  char *to = into;
  while (count > 0) {
    ssize_t got = read(fd, to, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return -1;
    to += got;
    count -= (size_t)got;
  }
  return 0;
}

static uint32_t little_endian(const unsigned char *b) { return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24; }

/* Who hung up wants no more results: what it sent before is still to be read, seconds of audio, and is not decoded. */
static int hung_up(int fd) {
  struct pollfd line = {.fd = fd};
  return poll(&line, 1, 0) > 0 && (line.revents & (POLLHUP | POLLERR)) != 0;
}

static int serve(int fd, ps_decoder_t *ps) {
  static stream s;
  static int16_t samples[MOST_PAYLOAD / 2];
  unsigned char head[5], number[4];
  FILE *out = fdopen(dup(fd), "w");
  if (out == NULL) return 1;
  stream_init(&s, ps, out);
  while (read_all(fd, head, 5) == 0) {
    uint32_t length = little_endian(head + 1);
    if (head[0] == 'C' && length == 4) {
      if (read_all(fd, number, 4) < 0) return 0;
      s.pause_frames = (int)(little_endian(number) / 10);
    } else if (head[0] == 'A' && length <= MOST_PAYLOAD && length % 2 == 0) {
      if (read_all(fd, samples, length) < 0) return 0;
      int waiting = 0;
      s.behind = ioctl(fd, FIONREAD, &waiting) == 0 && waiting > BEHIND_BYTES;
      for (int at = 0, count = (int)(length / 2); at < count; at += RATE) {
        if (hung_up(fd)) return 0;
        if (stream_hear(&s, samples + at, count - at < RATE ? count - at : RATE) < 0) return 1;
      }
    } else if (head[0] == 'F' && length == 0) {
      if (stream_flush(&s, "finalize") < 0) return 1;
    } else if (head[0] == 'E' && length == 0) {
      return stream_flush(&s, "end") < 0;
    } else {
      return 1;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: recognise SOCKET MODEL_DIR\n");
    return 2;
  }
  ps_decoder_t *ps = load_decoder(argv[2]);
  if (ps == NULL) {
    fprintf(stderr, "the speech model in %s could not be loaded\n", argv[2]);
    return 3;
  }
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(argv[1]) >= sizeof address.sun_path) {
    fprintf(stderr, "the socket's path is too long\n");
    return 2;
  }
  strcpy(address.sun_path, argv[1]);
  unlink(argv[1]);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 64) < 0) {
    perror("recognise");
    return 4;
  }
  signal(SIGCHLD, SIG_IGN);
  printf("ready\n");
  fflush(stdout);
  pid_t parent = getpid();
  for (;;) {
    struct pollfd waits[2] = {{.fd = listener, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    if (poll(waits, 2, -1) < 0 && errno != EINTR) return 5;
    if (waits[1].revents != 0) return 0;
    if (!(waits[0].revents & POLLIN)) continue;
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(0);
      close(listener);
      _exit(serve(fd, ps));
    }
    close(fd);
  }
}
