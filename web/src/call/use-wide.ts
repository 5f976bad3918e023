import { useMediaQuery } from "@mantine/hooks";

const WIDE = "(min-width: 761px)";

/** Whether there is room for columns beside one another; the same line as in the style sheets. */
export const useWide = (): boolean => useMediaQuery(WIDE, window.matchMedia(WIDE).matches);
