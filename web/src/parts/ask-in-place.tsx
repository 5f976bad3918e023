import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import styles from "./ask-in-place.module.css";
import { Fault } from "./fault.tsx";

type Props = {
  readonly words: { readonly ask: string; readonly question: string; readonly yes: string; readonly no: string };
  /** What the button is called aloud, where its word alone does not say whose it is. */
  readonly askName?: string;
  readonly destroys?: boolean;
  /** The button has the focus as soon as it is there: it took the place of the one that was pressed. */
  readonly focused?: boolean;
  readonly onYes: () => Promise<unknown>;
};

/** A button whose question opens where it stood; the answer "no" has the focus, and gives it back. */
export function AskInPlace({ words, askName = words.ask, destroys = false, focused = false, onYes }: Props) {
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(focused);
  const act = useMutation({ mutationFn: onYes, onSuccess: () => setAsking(false) });
  if (!asking) {
    const ask = (): void => {
      act.reset();
      setAsked(true);
      setAsking(true);
    };
    return (
      <Button
        variant="default"
        {...(destroys ? { c: "var(--v-danger)" } : {})}
        autoFocus={asked}
        aria-label={askName}
        onClick={ask}
      >
        {words.ask}
      </Button>
    );
  }
  return (
    <div
      className={styles["question"]}
      role="group"
      aria-label={askName}
      onKeyDown={(event) => {
        if (event.key === "Escape") setAsking(false);
      }}
    >
      <p role="alert">{words.question}</p>
      {act.isError && <Fault thrown={act.error} />}
      <div className={styles["answers"]}>
        <Button color={destroys ? "danger" : "teal"} loading={act.isPending} onClick={() => act.mutate()}>
          {words.yes}
        </Button>
        <Button variant="default" autoFocus onClick={() => setAsking(false)}>
          {words.no}
        </Button>
      </div>
    </div>
  );
}
