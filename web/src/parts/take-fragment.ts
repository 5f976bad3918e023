/** The secret in the address' fragment, taken out of it at once, so that it stays neither in the bar nor in the history. */
export function takeFragment(): string | undefined {
  const secret = window.location.hash.slice(1);
  if (secret === "") return undefined;
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  return decodeURIComponent(secret);
}
