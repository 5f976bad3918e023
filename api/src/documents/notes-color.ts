/** White words on each of them have a contrast of at least 4.5 : 1. */
export const colors = ["#1864ab", "#a61e4d", "#237032", "#862e9c", "#b3400d", "#0b7285", "#5f3dc4", "#7a5c00"] as const;

/** A person's colour, the same on every page and every day. */
export function colorOf(person: string): string {
  let sum = 0;
  for (const char of person) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return colors[sum % colors.length] ?? colors[0];
}
