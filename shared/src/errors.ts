/** What every failure that crosses a process boundary is called, and how each transport spells it. */
export const errorTable = {
  "input.invalid": { http: 400, close: 4400, retry: false },
  "input.too_large": { http: 413, close: 4413, retry: false },
  "auth.required": { http: 401, close: 4401, retry: false },
  "auth.forbidden": { http: 403, close: 4403, retry: false },
  "origin.refused": { http: 403, close: 4403, retry: false },
  not_found: { http: 404, close: 4404, retry: false },
  "link.cut": { http: 400, close: 4400, retry: false },
  "link.invalid": { http: 404, close: 4404, retry: false },
  "link.revoked": { http: 410, close: 4411, retry: false },
  "link.expired": { http: 410, close: 4411, retry: false },
  "interview.over": { http: 410, close: 4411, retry: false },
  "interview.cancelled": { http: 410, close: 4411, retry: false },
  "consent.required": { http: 409, close: 4409, retry: false },
  /** A yes to an older text than stands now. */
  "notice.changed": { http: 409, close: 4409, retry: false },
  "control.lost": { http: 409, close: 4409, retry: false },
  "state.conflict": { http: 409, close: 4409, retry: false },
  "seat.taken_over": { http: 409, close: 4410, retry: false },
  "seat.removed": { http: 403, close: 4412, retry: false },
  /** An observer's, by who sits in the seat to speak that they were offered. */
  "seat.moved": { http: 403, close: 4417, retry: false },
  "observers.full": { http: 409, close: 4414, retry: false },
  /** At the limit of what this server carries. Whoever is in a call, or comes back into one, is never refused so. */
  "calls.full": { http: 503, close: 4416, retry: false },
  /** Only for who is in the call; whoever comes into it may ask again. */
  "call.absent": { http: 409, close: 4415, retry: true },
  "protocol.unsupported": { http: 426, close: 4426, retry: false },
  "rate.limited": { http: 429, close: 4429, retry: true },
  "server.draining": { http: 503, close: 4503, retry: true },
  internal: { http: 500, close: 4500, retry: true },
} as const satisfies Record<string, { http: number; close: number; retry: boolean }>;

export type ErrorCode = keyof typeof errorTable;

/** A failure we foresaw. Its message may be shown to a user; its cause never leaves the process. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get spec(): (typeof errorTable)[ErrorCode] {
    return errorTable[this.code];
  }
}

/** The one place an unknown `catch` value becomes something we may answer with. */
export function toDomainError(thrown: unknown): DomainError {
  return thrown instanceof DomainError
    ? thrown
    : new DomainError("internal", "Something went wrong on our side.", { cause: thrown });
}
