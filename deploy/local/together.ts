/**
 * Runs independent work at the same time. When one fails the others are aborted and waited for, so that nothing goes on
 * behind a message that says it failed; the first failure is the one that is thrown.
 */
export async function together<Results extends readonly unknown[]>(
  signal: AbortSignal,
  works: { readonly [Index in keyof Results]: (signal: AbortSignal) => Promise<Results[Index]> },
): Promise<Results> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let first: { readonly reason: unknown } | undefined;
  const settled = await Promise.allSettled(
    works.map((work) =>
      work(either).catch((reason: unknown) => {
        first ??= { reason };
        failed.abort(reason);
        throw reason;
      }),
    ),
  );
  if (first) throw first.reason;
  return settled.map((one) => (one.status === "fulfilled" ? one.value : undefined)) as unknown as Results;
}
