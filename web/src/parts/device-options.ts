import type { Device } from "../media/local-media.ts";

/** What a list of devices offers, the system's own choice first. */
export const deviceOptions = (devices: readonly Device[], system: string) => [
  { value: "", label: system },
  ...devices
    .filter(({ id }) => id !== "default")
    .map(({ id, label }) => ({ value: id, label: label || id.slice(0, 8) })),
];
