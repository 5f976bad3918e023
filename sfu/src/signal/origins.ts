const LOCAL = ["localhost", "127.0.0.1"];

/**
 * Pages that may open our socket, compared exactly: a page of somebody else in the same browser must not. A machine
 * that serves itself as localhost is also reached as 127.0.0.1.
 */
export function allowedOrigins(publicUrl: string): ReadonlySet<string> {
  const url = new URL(publicUrl);
  if (!LOCAL.includes(url.hostname)) return new Set([url.origin]);
  return new Set(
    LOCAL.map((hostname) => {
      const twin = new URL(url);
      twin.hostname = hostname;
      return twin.origin;
    }),
  );
}
