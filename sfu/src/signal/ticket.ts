import { DomainError } from "@verbatim/shared/errors";
import { Ticket, TICKET_SECONDS } from "@verbatim/shared/ticket";
import { jwtVerify } from "jose";

/** Clocks of api and sfu may differ by this much, when they run on two hosts. */
const TOLERANCE_S = 5;

export type Tickets = {
  /** Checks signature, age and use; a ticket opens one socket, once. Throws `auth.required`. */
  redeem(token: string): Promise<Ticket>;
};

export function createTickets(secret: string, utcMs: () => number): Tickets {
  const key = new TextEncoder().encode(secret);
  const used = new Map<string, number>();
  let sweptAtS = 0;

  const sweep = (nowS: number): void => {
    if (nowS === sweptAtS) return;
    sweptAtS = nowS;
    for (const [jti, untilS] of used) if (untilS < nowS) used.delete(jti);
  };

  return {
    async redeem(token) {
      const nowS = Math.floor(utcMs() / 1_000);
      const ticket = await verify(token, key, nowS);
      // A ticket that outlives the agreed time would have to be remembered for as long.
      if (ticket.exp > nowS + TICKET_SECONDS + TOLERANCE_S) throw refused("This ticket is valid for too long.");
      sweep(nowS);
      if (used.has(ticket.jti)) throw refused("This ticket was used before.");
      used.set(ticket.jti, ticket.exp + TOLERANCE_S);
      return ticket;
    },
  };
}

async function verify(token: string, key: Uint8Array, nowS: number): Promise<Ticket> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      currentDate: new Date(nowS * 1_000),
      clockTolerance: TOLERANCE_S,
    });
    return Ticket.parse(payload);
  } catch (cause) {
    throw refused("The ticket is not valid.", cause);
  }
}

function refused(message: string, cause?: unknown): DomainError {
  return new DomainError("auth.required", message, { cause });
}
