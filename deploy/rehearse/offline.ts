import { type Member, member, present } from "./cast.ts";
import { poll, sleep } from "./poll.ts";
import { HEALED_WITHIN_MS, type FaultOutcome, type Scene } from "./scene.ts";
import { type Heard, heardFrom } from "./sfu-traffic.ts";

/** Packets that were under way when the cut began still arrive. */
const UNDER_WAY_MS = 400;
/** The last look is this long before the mend. */
const MARGIN_MS = 100;

/**
 * Cuts one person off for a while, checks at the sfu that nothing of theirs arrived meanwhile, and times, from the cut,
 * when their microphone is heard there again. Elsewhere than on a stack of our own, others' pages say when they speak again.
 */
export async function goOffline(name: string, forMs: number, scene: Scene): Promise<FaultOutcome> {
  const away = member(scene.cast, name);
  const { cut, signal } = scene;
  const { uid } = away.person;
  if (!cut || uid === undefined) throw new Error("offline needs root, so that a person's packets can be told apart.");
  const look = looking(away, scene);

  const cutMs = Date.now();
  let before: Heard | undefined;
  let after: Heard | undefined;
  await cut.cut(uid);
  try {
    await sleep(UNDER_WAY_MS, signal);
    before = await look();
    await sleep(cutMs + forMs - MARGIN_MS - Date.now(), signal);
    after = await look();
    await sleep(cutMs + forMs - Date.now(), signal);
  } finally {
    await cut.mend(uid);
  }

  const note = noteOf(before, after);
  if (away.role === "observer") return { recoveredMs: null, note };
  const known = after?.audioBytes ?? before?.audioBytes;
  const talks = async (): Promise<boolean> =>
    scene.target.stack
      ? known !== undefined && ((await look())?.audioBytes ?? 0) > known
      : await seenSpeaking(away, scene);
  const back = await poll(() => talks().catch(() => false), HEALED_WITHIN_MS, { signal }); // Its page may be another fault's victim.
  return { recoveredMs: back ? Date.now() - cutMs : null, note };
}

/** What the sfu has received from this person; undefined where it cannot be asked. */
function looking({ seatId }: Member, { target: { stack } }: Scene): () => Promise<Heard | undefined> {
  if (!stack) return () => Promise.resolve(undefined);
  // The sfu may be another fault's victim.
  return async () => (await heardFrom(stack.urls.sfuInternal).catch(() => new Map<string, Heard>())).get(seatId);
}

function noteOf(before: Heard | undefined, after: Heard | undefined): string {
  if (!before || !after) return "Bytes received at the sfu were not observed.";
  const grew = after.receivedBytes - before.receivedBytes;
  return grew === 0 ? "Bytes received at the sfu stood still." : `Bytes received at the sfu GREW by ${grew}.`;
}

async function seenSpeaking(away: Member, { cast }: Scene): Promise<boolean> {
  const tile = `[data-seat="${away.seatId}"][data-speaking="true"]`;
  const others = present(cast).filter((each) => each !== away);
  const seen = await Promise.all(others.map(({ person }) => person.page.locator(tile).count()));
  return seen.some((count) => count > 0);
}
