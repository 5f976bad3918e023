import { Button } from "@mantine/core";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useObservable } from "../observable/use-observable.ts";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./rail.module.css";

/** What this person shares, where it may show this page. */
export function useShownScreen(): MediaStreamTrack | undefined {
  const { call } = useCallView();
  const { screen } = useObservable(call.local);
  return screen.state === "live" && screen.surface !== "browser" ? screen.track : undefined;
}

const Within = createContext(false);

/**
 * What only staff may see: covered while this person shares something that may show this page, until they uncover it.
 * Of a shared window the browser does not say which one it is. Within another one it is covered by that.
 */
export function Covered({ children }: { children: ReactNode }) {
  const { call: words } = useWords();
  const [uncovered, setUncovered] = useState<MediaStreamTrack>();
  const track = useShownScreen();
  const within = useContext(Within);
  if (!track || within) return children;
  const open = uncovered === track;
  return (
    <section className={styles["covered"]} data-covered={!open} aria-label={words.covered.title}>
      <p>{open ? words.covered.seen : words.covered.covered}</p>
      <Button variant="default" onClick={() => setUncovered(open ? undefined : track)}>
        {open ? words.covered.cover : words.covered.uncover}
      </Button>
      {open && <Within value>{children}</Within>}
    </section>
  );
}
