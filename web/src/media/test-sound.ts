/** A machine without a sound card may never begin, and never say so. */
const BEGIN_MS = 3_000;

/** Two soft notes through the chosen speaker. Resolves when they have ended; rejects when the browser plays nothing. */
export async function playTestSound(speakerId: string): Promise<void> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  try {
    if (speakerId !== "" && "setSinkId" in element) await element.setSinkId(speakerId);
    await begun(context.resume().then(() => element.play()));
    const start = context.currentTime + 0.05;
    for (const [index, hertz] of [523.25, 659.25].entries()) {
      const at = start + index * 0.45;
      const note = context.createOscillator();
      const gain = context.createGain();
      note.frequency.value = hertz;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.25, at + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 0.42);
      note.connect(gain).connect(out);
      note.start(at);
      note.stop(at + 0.45);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_100));
  } finally {
    element.srcObject = null;
    await context.close();
  }
}

async function begun(playing: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("No sound has begun.")), BEGIN_MS);
  try {
    await Promise.race([playing, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
