/** Looking for words in a transcript. */
export const search = {
  open: "Search",
  label: "Search the words",
  hint: "Search the words (/)",
  count: (at: number, count: number) => (count === 0 ? "Not found" : `${at} of ${count}`),
  next: "Next place",
  previous: "Place before",
  close: "Close search",
} as const;
