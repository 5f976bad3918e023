import type { Microphone } from "./microphone.ts";
import type { Person } from "./person.ts";
import type { Speaker } from "./report.ts";
import type { Turn } from "./turn.ts";

/** A person of the rehearsal and what belongs to them. */
export type Member = {
  readonly person: Person;
  readonly role: Speaker | "observer";
  readonly microphone: Microphone | undefined;
  readonly seatId: string;
  readonly turn: Turn;
};

/** Everybody in the rehearsal, by the names that faults use: interviewer, candidate, observer1 … observer5. */
export type Cast = ReadonlyMap<string, Member>;

export const observersOf = (cast: Cast): Member[] => [...cast.values()].filter((each) => each.role === "observer");
export const speakersOf = (cast: Cast): Member[] => [...cast.values()].filter((each) => each.role !== "observer");
export const present = (cast: Cast): Member[] => [...cast.values()].filter((each) => !each.person.gone);

export function member(cast: Cast, name: string): Member {
  const found = cast.get(name);
  if (!found) throw new Error(`Nobody here is called ${name}.`);
  return found;
}
