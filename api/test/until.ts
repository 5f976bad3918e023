/** Waits until something becomes true; what it was last is in the failure. */
export async function until<Value>(
  look: () => Promise<Value> | Value,
  good: (value: Value) => boolean,
  ms = 30_000,
): Promise<Value> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (performance.now() > deadline) throw new Error(`Still ${JSON.stringify(value)} after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
