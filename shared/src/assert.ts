/** Marks a branch the types rule out; reaching it is a bug, never an input error. */
export function unreachable(never: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(never)}`);
}

/** Throws when something that must be true is not. `why` is a sentence for whoever reads the log. */
export function assert(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Error(why);
}
