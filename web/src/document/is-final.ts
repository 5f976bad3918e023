import { errorTable } from "@verbatim/shared/errors";

/** Whether a document's socket closed with a deliberate no. An expired ticket is none, because the next one is new; nor is what the table says may change by itself. */
export function isFinal(code: number): boolean {
  if (code === errorTable["auth.required"].close) return false;
  const passes = Object.values(errorTable).some(({ close, retry }) => close === code && retry);
  return code >= 4400 && code < 4500 && !passes;
}
