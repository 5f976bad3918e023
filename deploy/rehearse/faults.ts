import { member, present } from "./cast.ts";
import type { Fault } from "./fault.ts";
import { goOffline } from "./offline.ts";
import { poll } from "./poll.ts";
import { killProcess } from "./process-kill.ts";
import { proofOfWork } from "./proof-of-work.ts";
import { breakModel } from "./break-model.ts";
import { breakSpeech } from "./break-speech.ts";
import { HEALED_WITHIN_MS, type FaultOutcome, type Scene } from "./scene.ts";
import { saw } from "./saw.ts";
import { takeOver } from "./walk.ts";
import { readWatch } from "./watch.ts";

/** Breaks one thing and waits for the first proof of work after it. Rejects only when the rehearsal was told to stop. */
export async function injectFault(fault: Fault, scene: Scene): Promise<FaultOutcome> {
  try {
    return await inject(fault, scene);
  } catch (thrown) {
    scene.signal.throwIfAborted();
    // A fault that could not be injected, or observed, is told; the interview goes on and is reported.
    return { recoveredMs: null, note: `Failed: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

async function inject(fault: Fault, scene: Scene): Promise<FaultOutcome> {
  switch (fault.type) {
    case "close":
      return await close(fault.person, scene);
    case "offline":
      return await goOffline(fault.person, fault.forSeconds * 1000, scene);
    case "takeover":
      return await doTakeOver(`observer${fault.observer}`, scene);
    case "stt-down":
    case "stt-slow":
      return await breakSpeech(fault, scene);
    case "llm-down":
      return await breakModel(fault, scene);
    case "kill": {
      const { stack } = scene.target;
      if (!stack) throw new Error(`${fault.spec}: only processes of an own stack can be killed.`);
      const works = await proofOfWork(fault.process, stack, scene);
      const atMs = Date.now();
      await killProcess(stack, fault.process);
      const looked = (): Promise<boolean> => works(atMs).catch(() => false); // What it looks at may be another fault's victim.
      const healed = await poll(looked, HEALED_WITHIN_MS, { everyMs: 25, signal: scene.signal });
      return {
        recoveredMs: healed === undefined ? null : Date.now() - atMs,
        note: healed === undefined ? `No proof of work within ${HEALED_WITHIN_MS / 1000} s.` : "",
      };
    }
  }
}

async function close(name: string, { cast, closed }: Scene): Promise<FaultOutcome> {
  const { person, role } = member(cast, name);
  if (role !== "candidate") closed.set(name, await saw(person.page));
  await person.kill();
  return { recoveredMs: null, note: "The browser was killed and does not come back." };
}

/** From the click to the last other page that shows the new epoch. */
async function doTakeOver(name: string, { cast, signal }: Scene): Promise<FaultOutcome> {
  const { person, turn } = member(cast, name);
  const before = (await readWatch(person.page)).control.at(-1)?.epoch ?? 0;
  const clickedMs = await turn(() => takeOver(person.page));
  const others = present(cast).filter((each) => each.person !== person);
  const shown = await Promise.all(
    others.map((other) =>
      poll(
        // A page that is closed meanwhile does not show it.
        async () => {
          const { control } = await readWatch(other.person.page).catch(() => ({ control: [] }));
          return control.find((each) => each.epoch > before)?.atMs;
        },
        15_000,
        { signal },
      ),
    ),
  );
  const missing = others.filter((_, index) => shown[index] === undefined).map((other) => other.person.name);
  if (missing.length > 0) return { recoveredMs: null, note: `Not shown to ${missing.join(", ")} within 15 s.` };
  const takeoverMs = Math.max(0, ...shown.map((atMs) => (atMs ?? 0) - clickedMs));
  return { recoveredMs: null, note: `Shown to ${others.length} others.`, takeoverMs };
}
