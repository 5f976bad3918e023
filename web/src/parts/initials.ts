const letters = new Intl.Segmenter();

/** `AL` of `Ada Lovelace`; what stands where there is no picture. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? "?"];
  return ends
    .map((word = "") => letters.segment(word).containing(0)?.segment ?? "")
    .join("")
    .toLocaleUpperCase();
}
