import type { Fault } from "./fault.ts";
import { poll, sleep } from "./poll.ts";
import { type FaultOutcome, HEALED_WITHIN_MS, type Scene } from "./scene.ts";

/** Takes the language model away; it works again when it is asked about an answer after that, and answers. */
export async function breakModel(
  fault: Extract<Fault, { type: "llm-down" }>,
  { model, signal }: Scene,
): Promise<FaultOutcome> {
  if (!model) throw new Error(`${fault.spec}: there is no model to take away.`);
  const atMs = Date.now();
  const before = model.turnedAway;
  const up = model.down();
  try {
    await sleep(fault.forSeconds * 1000, signal);
  } finally {
    up();
  }
  const note = `${model.turnedAway - before} requests were cut.`;
  const then = model.answered;
  const back = await poll(() => model.answered > then, HEALED_WITHIN_MS, { signal });
  return { recoveredMs: back ? Date.now() - atMs : null, note };
}
