/** A valid, readable version 4 uuid for synthetic ids. */
export const uuid = (kind: number, n: number): string => `${kind}0000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
