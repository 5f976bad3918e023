/** Measures how loud a track is, and tells 30 times a second at most: 0 is silence, 1 is full scale on a dB scale. */
export function measureLevel(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // "interrupted" on a phone that took a call.
    if (context.state !== "running") void context.resume();
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    tell(loudness(Math.sqrt(sum / samples.length)));
  }, 50);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close();
  };
}

/** −60 dB and below is 0, −6 dB and above is 1: speech at a desk moves through the middle. */
export function loudness(rms: number): number {
  const db = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.min(1, Math.max(0, (db + 60) / 54));
}
