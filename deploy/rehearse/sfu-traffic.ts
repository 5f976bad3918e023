import { z } from "zod";

const Calls = z.object({
  calls: z.array(z.object({ seats: z.array(z.object({ seatId: z.string(), receivedBytes: z.number() })) })),
});

/** Bytes that the sfu has received from each seat's transports, from its loopback port. */
export async function receivedBytes(sfuInternal: string): Promise<Map<string, number>> {
  const { calls } = Calls.parse(await (await fetch(`${sfuInternal}/calls`)).json());
  return new Map(calls.flatMap(({ seats }) => seats.map(({ seatId, receivedBytes: bytes }) => [seatId, bytes])));
}

/** Process ids of the media workers that carry a call now. */
export async function busyWorkers(sfuInternal: string): Promise<number[]> {
  const workers = z
    .array(z.object({ pid: z.int(), rooms: z.int() }))
    .parse(await (await fetch(`${sfuInternal}/workers`)).json());
  return workers.filter(({ rooms }) => rooms > 0).map(({ pid }) => pid);
}
