import type { Fault } from "./fault.ts";
import { poll, sleep } from "./poll.ts";
import { scribeWords } from "./proof-of-work.ts";
import { type FaultOutcome, HEALED_WITHIN_MS, type Scene } from "./scene.ts";

type SpeechFault = Extract<Fault, { type: "stt-down" | "stt-slow" }>;

/** Takes the speech service away, or makes it late, and for the first times from then to the first final words after it is back. */
export async function breakSpeech(fault: SpeechFault, { target, signal }: Scene): Promise<FaultOutcome> {
  const { relay, stack } = target;
  if (!relay || !stack) throw new Error(`${fault.spec}: only offline speech of an own stack can be broken.`);
  const atMs = Date.now();
  const before = relay.broken;
  const mend = fault.type === "stt-down" ? relay.down() : relay.slow(fault.byMs);
  try {
    await sleep(fault.forSeconds * 1000, signal);
  } finally {
    mend();
  }
  if (fault.type === "stt-slow") {
    return { recoveredMs: null, note: `Everything it said came ${fault.byMs} ms later for ${fault.forSeconds} s.` };
  }
  const note = `${relay.broken - before} connections were cut or turned away.`;
  const words = () => scribeWords(stack).catch(() => undefined); // Scribe may be another fault's victim.
  const then = await words();
  const back = await poll(async () => ((await words()) ?? 0) > (then ?? 0), HEALED_WITHIN_MS, { signal });
  return { recoveredMs: back ? Date.now() - atMs : null, note };
}
