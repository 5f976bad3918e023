import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useWords } from "../words/words.ts";
import styles from "./plan-fields.module.css";
import type { PlanValues } from "./plan-values.ts";

/** Takes a row out of a plan. That can be undone until anything else in the form is changed: what is typed later is never lost by it. */
export function useRemoval(template: PlanValues, onChange: (next: PlanValues) => void) {
  const words = useWords().plan;
  const [removal, setRemoval] = useState<{ readonly before: PlanValues; readonly after: PlanValues }>();
  const remove = (after: PlanValues): void => {
    setRemoval({ before: template, after });
    onChange(after);
  };
  const undo: ReactNode = removal?.after === template && (
    <p role="status" className={styles["removed"]}>
      {words.removed}
      <Button variant="subtle" onClick={() => onChange(removal.before)}>
        {words.undo}
      </Button>
    </p>
  );
  return { remove, undo };
}
