/**
 * A camera and a microphone that tell the same time, so that a recording says by itself how far sound and picture lie
 * apart. Runs in the page; self-contained: it is sent there as text. The clock is the sound's own. Each second even by
 * it has a beep of `hz`; each frame carries the time at which it was drawn, modulo `PERIOD_MS`, as black and white
 * stripes: a frame that is drawn late says so.
 */
export function tellTime({ hz, bits, height }: { hz: number; bits: number; height: number }): void {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const audio = new AudioContext({ sampleRate: 48_000 });
  setInterval(() => {
    if (audio.state !== "running") void audio.resume();
  }, 100);

  const out = audio.createMediaStreamDestination();
  const gate = audio.createGain();
  gate.gain.value = 0;
  gate.connect(out);
  const tone = audio.createOscillator();
  tone.frequency.value = hz;
  tone.connect(gate);
  tone.start();
  let planned = 2;
  setInterval(() => {
    // Ten seconds are planned ahead: a page that is held up does not miss a beep.
    for (; planned < audio.currentTime + 10; planned += 2) {
      gate.gain.setValueAtTime(0.5, planned);
      gate.gain.setValueAtTime(0, planned + 0.1);
    }
  }, 500);

  const draw = (canvas: HTMLCanvasElement): void => {
    const context = canvas.getContext("2d");
    if (!context) return;
    const value = Math.round(audio.currentTime * 1000) % 2000;
    const width = canvas.width / bits;
    context.fillStyle = "#204060";
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (let bit = 0; bit < bits; bit++) {
      context.fillStyle = (value >> bit) & 1 ? "#fff" : "#000";
      context.fillRect(bit * width, 0, width + 1, canvas.height * 0.6);
    }
    context.fillStyle = "#fff";
    context.font = `${canvas.height / 6}px sans-serif`;
    context.fillText(audio.currentTime.toFixed(2), canvas.width * 0.4, canvas.height * 0.85);
  };
  const picture = (width: number, height: number): MediaStreamTrack => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    draw(canvas);
    setInterval(() => draw(canvas), 40);
    const [track] = canvas.captureStream().getVideoTracks();
    if (!track) throw new Error("no track");
    return track;
  };

  const real = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await real(constraints);
    for (const each of stream.getTracks()) {
      stream.removeTrack(each);
      const ours = each.kind === "audio" ? out.stream.getAudioTracks()[0]?.clone() : picture((height * 16) / 9, height);
      if (!ours) throw new Error("no track");
      // Stays open, seen by nobody: the page goes on being one that captures.
      each.enabled = false;
      stream.addTrack(ours);
    }
    return stream;
  };
  devices.getDisplayMedia = () => Promise.resolve(new MediaStream([picture(640, 360)]));
}

const PERIOD_MS = 2_000;
export const BITS = 11;

/** One frame as a page showed it. */
export type ShownFrame = {
  /** What the frame says. */
  readonly toldMs: number;
  /** Of it in its file. */
  readonly mediaMs: number;
  /** Where sound and picture were when it was shown. */
  readonly soundMs: number;
  readonly pictureMs: number;
  readonly url: string;
};

/** Runs in the page: reads `count` frames off whichever of a tile's elements shows, while it plays. */
export async function readFrames({
  seat,
  kind,
  count,
  bits,
}: {
  readonly seat: string;
  readonly kind: string;
  readonly count: number;
  readonly bits: number;
}): Promise<ShownFrame[]> {
  const frames: ShownFrame[] = [];
  const sound = document.querySelector("audio");
  const canvas = Object.assign(document.createElement("canvas"), { width: bits * 8, height: 8 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  while (sound && context && frames.length < count) {
    const video = document.querySelector<HTMLVideoElement>(
      `[data-seat="${seat}"][data-kind="${kind}"][data-showing="shown"] video[data-front="true"]`,
    );
    if (!video || sound.paused) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const meta = await new Promise<VideoFrameCallbackMetadata | undefined>((resolve) => {
      video.requestVideoFrameCallback((_, shown) => resolve(shown));
      // It may have been the last frame of its file.
      setTimeout(() => resolve(undefined), 1_000);
    });
    if (!meta || sound.paused) continue;
    const [soundMs, pictureMs] = [sound.currentTime * 1000, video.currentTime * 1000];
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    let toldMs = 0;
    for (let bit = 0; bit < bits; bit++) {
      if ((context.getImageData(bit * 8 + 4, 2, 1, 1).data[0] ?? 0) > 127) toldMs |= 1 << bit;
    }
    frames.push({ toldMs, mediaMs: meta.mediaTime * 1000, soundMs, pictureMs, url: new URL(video.src).pathname });
  }
  return frames;
}

/** Positions, ms, at which a tone begins in a sound of `rate` samples a second, to 5 ms. */
export function beepsIn(pcm: Int16Array, rate: number, hz: number): number[] {
  const window = Math.round(rate / 100);
  const step = Math.round(rate / 200);
  const powers: number[] = [];
  for (let from = 0; from + window <= pcm.length; from += step) {
    let [re, im] = [0, 0];
    for (let n = 0; n < window; n++) {
      const angle = (2 * Math.PI * hz * n) / rate;
      re += (pcm[from + n] ?? 0) * Math.cos(angle);
      im += (pcm[from + n] ?? 0) * Math.sin(angle);
    }
    powers.push(re * re + im * im);
  }
  // Not by the loudest: one click, as where a starved device's sound is joined, would be louder than every beep.
  const loud = (powers.toSorted((one, other) => one - other)[Math.floor(powers.length * 0.995)] ?? 0) / 4;
  const begins = powers.flatMap((power, n) => (power > loud && (powers[n - 1] ?? 0) <= loud ? [n] : []));
  // A window is as loud as that when half of it lies in the tone.
  return begins.map((n) => ((n * step + window / 2) * 1000) / rate);
}

/** The difference of two times that are known up to whole periods. */
export function apart(aMs: number, bMs: number): number {
  const rest = (((aMs - bMs) % PERIOD_MS) + PERIOD_MS) % PERIOD_MS;
  return rest > PERIOD_MS / 2 ? rest - PERIOD_MS : rest;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
