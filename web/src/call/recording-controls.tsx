import { Button } from "@mantine/core";
import type { ControlAction } from "@verbatim/shared/recording/state";
import {
  IconArrowBackUp,
  IconPlayerPauseFilled,
  IconPlayerRecordFilled,
  IconPlayerStopFilled,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import styles from "./controls.module.css";
import { rightsOf } from "./rights.ts";
import { TakeOver } from "./take-over.tsx";
import type { RecordingControl } from "./use-control.ts";

/** Start, pause, stop, undo and takeover, for those who may. Others see the lamp alone. */
export function RecordingControls({ control, below = false }: { control: RecordingControl; below?: boolean }) {
  const { call: words } = useWords();
  const { entry, seatId, recording } = useCallView();
  const rights = rightsOf(entry.role, seatId, recording);
  const button = (action: ControlAction, name: string, short: string, icon: ReactNode, red = false) => (
    <Button
      key={action}
      className={styles["record"] ?? ""}
      variant={action === "start" ? "filled" : "default"}
      {...(red ? { color: "danger" } : {})}
      data-red={red && action !== "start"}
      aria-label={name}
      title={name}
      leftSection={icon}
      loading={control.pending === action}
      onClick={() => control.ask(action)}
    >
      {short}
    </Button>
  );
  return (
    <div className={styles["recording"]} role="group" aria-label={words.controls.recording}>
      {rights.start &&
        button("start", words.controls.start, words.short.start, <IconPlayerRecordFilled size={18} />, true)}
      {rights.pause && button("pause", words.controls.pause, words.short.pause, <IconPlayerPauseFilled size={18} />)}
      {rights.resume &&
        button("resume", words.controls.resume, words.short.resume, <IconPlayerRecordFilled size={18} />)}
      {rights.stop && button("stop", words.controls.stop, words.short.stop, <IconPlayerStopFilled size={18} />, true)}
      {rights.undo && button("undo_stop", words.controls.undo, words.short.undo, <IconArrowBackUp size={18} />)}
      {rights.takeOver && <TakeOver control={control} below={below} />}
    </div>
  );
}
