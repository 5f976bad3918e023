import { z } from "zod";

const Seat = z.object({ seatId: z.string(), receivedBytes: z.number(), audioBytes: z.number() });
const Calls = z.object({ calls: z.array(z.object({ seats: z.array(Seat) })) });

/** Bytes that have come to the sfu from one seat since its call began: of any kind, and its microphone's packets alone. */
export type Heard = { readonly receivedBytes: number; readonly audioBytes: number };

/** What each seat has sent, by seat, from the sfu's loopback port. A seat that nobody has had is not in it. */
export async function heardFrom(sfuInternal: string): Promise<Map<string, Heard>> {
  const { calls } = Calls.parse(await (await fetch(`${sfuInternal}/calls`)).json());
  return new Map(calls.flatMap(({ seats }) => seats.map(({ seatId, ...heard }) => [seatId, heard])));
}

/** Process ids of the media workers that carry a call now. */
export async function busyWorkers(sfuInternal: string): Promise<number[]> {
  const workers = z
    .array(z.object({ pid: z.int(), rooms: z.int() }))
    .parse(await (await fetch(`${sfuInternal}/workers`)).json());
  return workers.filter(({ rooms }) => rooms > 0).map(({ pid }) => pid);
}
