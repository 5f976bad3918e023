type PageHooks = {
  __rehearseStartedAt(): Promise<number | null>;
  /** Base64 of s16le. */
  __rehearsePiece(index: number): Promise<string>;
  __rehearseTell(line: string): Promise<void>;
};

/** Runs in the page. Self-contained: it is sent there as text. */
export function pageMicrophone(options: {
  readonly rate: number;
  readonly pieces: readonly { readonly fromSeconds: number; readonly toSeconds: number }[];
}): void {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const hooks = window as unknown as PageHooks;
  const real = devices.getUserMedia.bind(devices);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  /** A piece is placed this long before it is heard, on the newest knowledge of the context's clock. */
  const aheadMs = 700;
  /**
   * Where the context's clock stands against the host's. It moves in steps of a buffer (21 ms), is read just after a step at
   * best, and catches up within a second when the machine was only busy, so the largest reading of a while counts. What it
   * does not catch up it has lost: a real microphone goes on in time after that, and so do the pieces, because each is
   * placed anew. The recorder tells such a stall.
   */
  const makeClock = (audio: AudioContext): { offset(): number } => {
    let readings: { atMs: number; offset: number }[] = [];
    const read = (): void => {
      if (audio.state !== "running") return void audio.resume();
      const atMs = performance.now();
      readings.push({ atMs, offset: audio.currentTime - Date.now() / 1000 });
      readings = readings.filter((one) => atMs - one.atMs < 1_500);
    };
    setInterval(read, 20);
    return { offset: () => Math.max(...readings.map((one) => one.offset)) };
  };

  const decoded = async (audio: AudioContext, index: number): Promise<AudioBuffer> => {
    const text = atob(await hooks.__rehearsePiece(index));
    const samples = new Float32Array(text.length / 2);
    for (let n = 0; n < samples.length; n++) {
      const value = text.charCodeAt(2 * n) | (text.charCodeAt(2 * n + 1) << 8);
      samples[n] = (value >= 32_768 ? value - 65_536 : value) / 32_768;
    }
    const buffer = audio.createBuffer(1, samples.length, options.rate);
    buffer.copyToChannel(samples, 0);
    return buffer;
  };

  const makeTrack = async (): Promise<MediaStreamTrack> => {
    // Large buffers: a microphone does not stop because a page is busy, and a late buffer would be heard as that.
    const audio = new AudioContext({ sampleRate: options.rate, latencyHint: "playback" });
    const out = audio.createMediaStreamDestination();
    out.channelCount = 1;
    const silence = audio.createConstantSource();
    silence.offset.value = 0;
    silence.connect(out);
    silence.start();
    const clock = makeClock(audio);
    // Here before it is asked for: what is said first must not wait for it.
    const first = options.pieces.length > 0 ? decoded(audio, 0) : undefined;

    const speak = async (startedAtMs: number, joinedMs: number): Promise<void> => {
      let offset = clock.offset();
      let coming = first;
      for (const [index, piece] of options.pieces.entries()) {
        if (startedAtMs + piece.toSeconds * 1000 <= joinedMs) {
          coming = undefined;
          continue;
        }
        const atMs = startedAtMs + piece.fromSeconds * 1000;
        const buffer = await (coming ?? decoded(audio, index));
        coming = index + 1 < options.pieces.length ? decoded(audio, index + 1) : undefined;
        await pause(Math.max(0, atMs - aheadMs - Date.now()));
        // Pieces without a pause between them join without a seam, unless the clock has really stalled.
        if (Math.abs(clock.offset() - offset) > 0.01) offset = clock.offset();
        const when = offset + atMs / 1000;
        const late = Math.max(0, audio.currentTime - when);
        // Who came back in the middle of a word goes on in it; whoever was here all the time should have begun.
        if (late > 0 && atMs > joinedMs) {
          void hooks.__rehearseTell(`the voice was late: ${Math.round(late * 1000)} ms of it are missing`);
        }
        const source = audio.createBufferSource();
        source.buffer = buffer;
        source.connect(out);
        source.start(when + late, late);
      }
    };
    const begin = async (startedAtMs: number): Promise<void> => {
      while (audio.state !== "running" || !Number.isFinite(clock.offset())) await pause(20);
      await speak(startedAtMs, Date.now());
    };
    window.addEventListener("rehearse-begin", (event) => void begin((event as CustomEvent<number>).detail));
    const startedAtMs = await hooks.__rehearseStartedAt();
    if (startedAtMs !== null) void begin(startedAtMs);
    const made = out.stream.getAudioTracks()[0];
    if (!made) throw new Error("no audio track");
    return made;
  };

  let track: Promise<MediaStreamTrack> | undefined;
  devices.getUserMedia = async (constraints) => {
    const stream = await real(constraints);
    if (!constraints?.audio) return stream;
    track ??= makeTrack();
    const ours = (await track).clone();
    for (const each of stream.getAudioTracks()) {
      stream.removeTrack(each);
      // Stays open, muted by nobody: the page goes on being one that captures.
      each.enabled = false;
      ours.addEventListener("ended", () => each.stop());
    }
    stream.addTrack(ours);
    return stream;
  };
}
