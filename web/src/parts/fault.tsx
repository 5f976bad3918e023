import { Button, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CallFailed } from "../api/failure.ts";
import type { Remedy } from "../words/en/failures.ts";
import { useWords, type Words } from "../words/words.ts";
import styles from "./fault.module.css";
import { withCommands } from "./with-commands.tsx";

/** An error in three sentences: what happened, what still works, what to do now. */
export function Fault({ thrown, again, children }: { thrown: unknown; again?: () => void; children?: ReactNode }) {
  const words = useWords();
  const { remedy, requestId } = remedyOf(thrown, words);
  return (
    <FaultText remedy={remedy}>
      {requestId !== "" && (
        <Text size="xs" c="dimmed">
          {words.requestNumber(requestId)}
        </Text>
      )}
      {(again || children) && (
        <div className={styles["actions"]}>
          {again && (
            <Button variant="default" onClick={again}>
              {words.desk.tryAgain}
            </Button>
          )}
          {children}
        </div>
      )}
    </FaultText>
  );
}

export function FaultText({ remedy, children }: { remedy: Remedy; children?: ReactNode }) {
  return (
    <div className={styles["fault"]} role="alert">
      <p className={styles["what"]}>{remedy.what}</p>
      <p>
        {remedy.still} {withCommands(remedy.now)}
      </p>
      {children}
    </div>
  );
}

export function remedyOf(thrown: unknown, words: Words): { remedy: Remedy; requestId: string } {
  if (!(thrown instanceof CallFailed)) return { remedy: words.failures.misunderstood, requestId: "" };
  const { failure } = thrown;
  if (failure.kind !== "answered") return { remedy: words.failures[failure.kind], requestId: "" };
  const remedy = words.failures.codes[failure.code];
  // The server's sentence names the field or the person; ours says what still works. Of what it did not foresee it says nothing.
  const told = failure.code !== "internal";
  return {
    remedy: told && failure.message !== "" ? { ...remedy, what: failure.message } : remedy,
    requestId: failure.code === "internal" ? failure.requestId : "",
  };
}
