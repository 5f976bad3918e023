/** Where a stretch of words stands in its sentence, for capitals and the full stop. */
export type Place = { readonly opens: boolean; readonly closes: boolean };

const ASKING = new Set(
  "what how why when where who which can could do does did would will are is have has should".split(" "),
);

/** Words as they are written: a capital where a sentence opens and for "I", a mark where it closes. */
export function writeWords(words: readonly string[], place: Place): string[] {
  const mark = ASKING.has(words[0] ?? "") ? "?" : ".";
  return words.map((word, index) => {
    const opening = place.opens && index === 0;
    const capital = opening || word === "i" || word.startsWith("i'");
    const written = capital ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    return place.closes && index === words.length - 1 ? written + mark : written;
  });
}
