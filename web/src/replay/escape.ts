type Press = Pick<KeyboardEvent, "key" | "repeat" | "defaultPrevented" | "target">;

/**
 * Whether Escape is meant for the bar: pressed in it, on the page itself, or where somebody pressed to hear the moment. In
 * a panel, a dialog or a field it closes that, or nothing.
 */
export const meansTheBar = (
  { key, repeat, defaultPrevented, target }: Press,
  of: { readonly bar: Pick<Node, "contains"> | null; readonly page: EventTarget; readonly opener: EventTarget | null },
): boolean => {
  if (key !== "Escape" || repeat || defaultPrevented || target === null) return false;
  return target === of.page || target === of.opener || of.bar?.contains(target as Node) === true;
};
