export const isSwitch = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === "checkbox";

/** Letters belong to what is being written, or looked for in a list. */
export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  !isSwitch(target) &&
  (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
