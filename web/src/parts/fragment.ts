/** The secret in the address' fragment. */
export function readFragment(): string {
  return decodeURIComponent(window.location.hash.slice(1));
}

/** Takes the fragment out of the address, so that the secret stays neither in the bar nor in the history. */
export function hideFragment(): void {
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
}
