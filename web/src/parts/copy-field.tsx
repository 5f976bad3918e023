import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useId } from "react";
import { useWords } from "../words/words.ts";
import styles from "./copy-field.module.css";

/** A text to hand on, read whole or in part, with its copy button. */
export function CopyField({
  name,
  hint,
  value,
  copyName,
}: {
  name: string;
  hint: string;
  value: string;
  copyName: string;
}) {
  const { desk } = useWords();
  const id = useId();
  return (
    <div className={styles["field"]}>
      <label className={styles["name"]} htmlFor={id}>
        {name}
      </label>
      <p className={styles["hint"]}>{hint}</p>
      <div className={styles["row"]}>
        <input
          id={id}
          className={styles["value"]}
          readOnly
          value={value}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={value} timeout={2_000}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              miw={112}
              onClick={copy}
              aria-label={copied ? undefined : copyName}
              leftSection={copied ? <IconCheck size={18} /> : <IconCopy size={18} />}
            >
              {copied ? desk.copied : desk.copy}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
