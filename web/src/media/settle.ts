/** Hands a request's outcome to the callbacks that mediasoup-client's events carry. Never rejects. */
export async function settle<T>(
  work: Promise<T>,
  done: (value: T) => void,
  fail: (error: Error) => void,
): Promise<void> {
  let value: T;
  try {
    value = await work;
  } catch (thrown) {
    fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
    return;
  }
  done(value);
}
