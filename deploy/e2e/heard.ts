import type { Page } from "playwright-core";

/** How loud a seat's sound was at its loudest, of a second, as it is played on a page: 1 is full scale. */
export const loudest = (page: Page, seatId: string): Promise<number> =>
  page.evaluate(async (seat) => {
    const stream = document.querySelector<HTMLAudioElement>(`audio[data-voice='${seat}']`)?.srcObject;
    if (!(stream instanceof MediaStream)) return 0;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let most = 0;
    for (const until = performance.now() + 1_000; performance.now() < until; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) most = Math.max(most, Math.abs(sample));
    }
    await context.close();
    return most;
  }, seatId);

/**
 * Waits for a moment of the recording to be asked for on a page, and listens until it was played to its end: how loud it
 * was at its loudest, 1 is full scale, and how far it came on the recording's clock.
 */
export const replayed = (page: Page): Promise<{ loudest: number; playedMs: number }> =>
  page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const bar = () => document.querySelector<HTMLElement>("[data-replay]");
    const positionMs = () => Number(bar()?.querySelector<HTMLElement>("[data-position-ms]")?.dataset["positionMs"]);
    let audio = bar()?.querySelector("audio");
    for (; !audio; audio = bar()?.querySelector("audio")) await frame();
    // From the element and not from a file's track: one file follows another.
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaElementSource(audio).connect(analyser).connect(context.destination);
    const samples = new Float32Array(analyser.fftSize);
    const fromMs = positionMs();
    let most = 0;
    while (bar() && bar()?.dataset["replay"] !== "over") {
      await frame();
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) most = Math.max(most, Math.abs(sample));
    }
    return { loudest: most, playedMs: positionMs() - fromMs };
  });

/** Ends once a seat's strongest tone on a page is near `hertz` while it plays; says when, and which track it is. */
export const untilHeard = (page: Page, seatId: string, hertz: number): Promise<{ atMs: number; trackId: string }> =>
  page.evaluate(
    async ({ seat, wanted }) => {
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      const levels = new Float32Array(analyser.frequencyBinCount);
      let source: MediaStreamAudioSourceNode | undefined;
      for (let heard = 0; ; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const voice = document.querySelector<HTMLAudioElement>(`audio[data-voice='${seat}']`);
        const stream = voice?.srcObject;
        if (!(stream instanceof MediaStream)) continue;
        if (source?.mediaStream !== stream) {
          source?.disconnect();
          source = context.createMediaStreamSource(stream);
          source.connect(analyser);
        }
        analyser.getFloatFrequencyData(levels);
        const strongest = levels.indexOf(Math.max(...levels));
        const near = Math.abs((strongest * context.sampleRate) / analyser.fftSize - wanted) < wanted / 5;
        heard = near && !voice?.paused && (levels[strongest] ?? -200) > -60 ? heard + 1 : 0;
        if (heard < 3) continue;
        await context.close();
        return { atMs: Date.now(), trackId: stream.getAudioTracks()[0]?.id ?? "" };
      }
    },
    { seat: seatId, wanted: hertz },
  );
