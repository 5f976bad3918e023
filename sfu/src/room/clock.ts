/** This host's clocks, as parameters: monotonic µs, UTC ms, and which boot the monotonic one counts from. */
export type HostClock = { readonly bootId: string; us(): number; utcMs(): number };
