/** What a text says as JSON; undefined where it is none, which the schema behind it refuses. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off, or never JSON: whoever parses the value says what that means.
    return undefined;
  }
}
