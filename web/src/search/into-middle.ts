/** Scrolls a box, and nothing around it, so that something in it stands in its middle. */
export function intoMiddle(box: Element, element: Element): void {
  const around = box.getBoundingClientRect();
  const at = element.getBoundingClientRect();
  box.scrollTop += at.top + at.height / 2 - around.top - around.height / 2;
}
