import { useMediaQuery } from "@mantine/hooks";

const WIDE = "(min-width: 761px)";

const ROOMY = "(min-width: 1500px)";

/** Whether there is room for one more: notes, people and chat stand beside the words and the suggestions, not in their place. */
export const useRoomy = (): boolean => useMediaQuery(ROOMY, window.matchMedia(ROOMY).matches);

/** Whether there is room for columns beside one another; the same line as in the style sheets. */
export const useWide = (): boolean => useMediaQuery(WIDE, window.matchMedia(WIDE).matches);
