import { Button, Textarea } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useRef, useState } from "react";
import { Fault } from "../parts/fault.tsx";
import { NoticeText } from "../parts/notice-text.tsx";
import { NoticeVersion } from "../parts/notice-version.tsx";
import { useWords } from "../words/words.ts";
import type { InterviewValues } from "./interview-values.ts";
import styles from "./notice-fields.module.css";
import type { ShownNotice } from "./use-notice-preview.ts";

type Props = {
  readonly form: UseFormReturnType<InterviewValues>;
  readonly shown: ShownNotice;
  readonly disabled: boolean;
};

/** The part of the notice that staff may write, and the whole as the candidate will read it. */
export function NoticeFields({ form, shown: { preview, thrown }, disabled }: Props) {
  const words = useWords().planning.notice;
  const { language, notices } = form.values;
  const box = useRef<HTMLTextAreaElement>(null);
  // Emptied by hand, to be written anew. One that is left empty is the standard text again.
  const [emptied, setEmptied] = useState(false);
  const own = notices[language] ?? preview?.own ?? "";
  const standard = preview?.standard ?? "";
  const write = (text: string): void => {
    setEmptied(text === "");
    form.setFieldValue("notices", { ...notices, [language]: text === standard ? "" : text });
  };
  return (
    <div role="group" aria-label={words.label}>
      <Textarea
        ref={box}
        size="md"
        label={words.label}
        description={own !== "" ? words.hintOwn : preview?.standard === "" ? words.hintNone : words.hint}
        lang={language}
        autosize
        minRows={6}
        maxRows={12}
        maxLength={8_000}
        value={own !== "" || emptied ? own : standard}
        disabled={disabled || preview === undefined}
        error={form.errors["notice"]}
        onChange={(event) => write(event.currentTarget.value)}
        onBlur={() => setEmptied(false)}
      />
      {own !== "" && !disabled && (
        <Button
          variant="default"
          mt={8}
          onClick={() => {
            write("");
            setEmptied(false);
            box.current?.focus();
          }}
        >
          {words.reset}
        </Button>
      )}
      {preview && (
        <details className={styles["preview"]}>
          <summary>{words.preview}</summary>
          <div className={styles["text"]}>
            <NoticeText notice={preview.notice} />
          </div>
          <NoticeVersion notice={preview.notice} />
        </details>
      )}
      {thrown != null && <Fault thrown={thrown} />}
    </div>
  );
}
