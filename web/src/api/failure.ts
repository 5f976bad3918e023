import { type ErrorCode, errorTable } from "@verbatim/shared/errors";

/** Why a request brought no answer we can use. */
export type Failure =
  | { readonly kind: "answered"; readonly code: ErrorCode; readonly message: string; readonly requestId: string }
  /** No answer: the network is away, or the server does not run. */
  | { readonly kind: "unreachable" }
  /** An answer this page does not understand: the page is older or newer than the server. */
  | { readonly kind: "misunderstood" };

export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.kind === "answered" ? failure.message : failure.kind, options);
    this.failure = failure;
  }
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);

/** The table's code of a failure, or undefined when nobody answered. */
export function codeOf(thrown: unknown): ErrorCode | undefined {
  return thrown instanceof CallFailed && thrown.failure.kind === "answered" ? thrown.failure.code : undefined;
}

/** Whether trying again, unchanged, can help. */
export function worthRetrying(thrown: unknown): boolean {
  if (!(thrown instanceof CallFailed)) return false;
  return thrown.failure.kind === "answered"
    ? errorTable[thrown.failure.code].retry
    : thrown.failure.kind === "unreachable";
}
