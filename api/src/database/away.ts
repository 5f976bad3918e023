import { DomainError } from "@verbatim/shared/errors";

/** Node's names for a server that cannot be reached or went away in the middle. */
const network = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EHOSTUNREACH"]);
/** Postgres' own: shut down by an operator, crashed, starting; class 08 is the connection itself. */
const states = /^(57P0[123]|08...)$/;
const messages =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Makes an absent Postgres what it is for whoever asks: try again soon. Everything else stays as it is. */
export function explainAway(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  if (!network.has(code) && !states.test(code) && !messages.test(thrown.message)) return thrown;
  return new DomainError("server.draining", "The database cannot be reached. Please try again in a moment.", {
    cause: thrown,
  });
}
