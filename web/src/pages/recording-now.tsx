import type { Interview } from "@verbatim/shared/api/interviews";
import { LampLine } from "../call/lamp.tsx";
import { lampView } from "../call/lamp-view.ts";
import { useNow } from "../clock/use-now.ts";
import { useWords } from "../words/words.ts";
import styles from "./interview-page.module.css";

/** An interview as it was answered; `clockOffsetMs` added to this page's clock is the server's. */
export type InterviewNow = Interview & { readonly clockOffsetMs: number };

type Props = { readonly interview: InterviewNow; readonly cutOffAtMs: number | null };

/** The call's lamp outside of the call: the same words from the same figures, and their age when nobody answers. */
export function RecordingNow({ interview: { recording, clockOffsetMs }, cutOffAtMs }: Props) {
  const { call: words } = useWords();
  const nowMs = useNow() + clockOffsetMs;
  const cutOffMs = cutOffAtMs === null ? null : cutOffAtMs + clockOffsetMs;
  const lamp = lampView(recording, { nowMs, cutOffMs }, words.lamp);
  const { controllerName } = recording;
  return (
    <div className={styles["live"]} data-lamp={recording.lamp} data-fresh={lamp.mark !== "stale"}>
      <LampLine lamp={lamp} />
      {controllerName !== "" && <span className={styles["by"]}>{words.controller.other(controllerName)}</span>}
    </div>
  );
}
