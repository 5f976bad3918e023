import { DomainError } from "@verbatim/shared/errors";

/**
 * Runs a call whose parameters came from outside. mediasoup validates them here and in its worker, and throws plain
 * errors from both; only a worker that is gone says so by name.
 */
export async function asked<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name === "WorkerClosedError") throw cause;
    throw new DomainError("input.invalid", `${what}: ${cause.message}`, { cause });
  }
}
