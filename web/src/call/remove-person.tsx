import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { removePerson } from "@verbatim/shared/api/call";
import type { Participant } from "@verbatim/shared/control/protocol";
import { useState } from "react";
import { call as callApi } from "../api/call.ts";
import { remedyOf } from "../parts/fault.tsx";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./people.module.css";

/** A host closes somebody's place. The question opens in place, below the name; the person goes when all have read it. */
export function RemovePerson({ person }: { person: Participant }) {
  const words = useWords();
  const { entry } = useCallView();
  const { interviewId, role } = entry;
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => callApi(removePerson, { seatId: person.seatId }, { params: { interviewId, role } }),
  });
  const { ask, question, questionCandidate, yes, no } = words.call.remove;
  if (!asking) {
    return (
      <Button size="compact-md" variant="subtle" aria-label={ask(person.name)} onClick={() => setAsking(true)}>
        {yes}
      </Button>
    );
  }
  return (
    <div
      className={styles["question"]}
      role="group"
      aria-label={ask(person.name)}
      onKeyDown={(event) => {
        if (event.key === "Escape") setAsking(false);
      }}
    >
      <p role={remove.isError ? "alert" : undefined}>
        {remove.isError
          ? remedyOf(remove.error, words).remedy.what
          : (person.role === "candidate" ? questionCandidate : question)(person.name)}
      </p>
      <Button autoFocus size="compact-md" loading={remove.isPending} onClick={() => remove.mutate()}>
        {yes}
      </Button>
      <Button size="compact-md" variant="default" onClick={() => setAsking(false)}>
        {no}
      </Button>
    </div>
  );
}
