import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useWords } from "../words/words.ts";
import { CallFloor } from "./call-floor.tsx";
import { useCallView } from "./call-view.ts";
import styles from "./rail.module.css";
import { LiveTranscript } from "./live-transcript.tsx";
import { People } from "./people.tsx";
import { RecordingControls } from "./recording-controls.tsx";
import { useControl } from "./use-control.ts";

/** The interviewer's and co-interviewers' call, with the rail at its side. */
export function HostScreen() {
  const wide = useMediaQuery("(min-width: 761px)", window.matchMedia("(min-width: 761px)").matches);
  const [open, setOpen] = useState<boolean>();
  const control = useControl();
  const shown = open ?? wide;
  return (
    <CallFloor
      rail={{ open: shown, toggle: () => setOpen(!shown), content: <Rail /> }}
      recording={<RecordingControls control={control} />}
      fault={control.error}
    />
  );
}

function Rail() {
  const { call: words } = useWords();
  const { participants } = useCallView();
  const present = participants.filter(({ presence }) => presence === "here" || presence === "away").length;
  return (
    <Tabs defaultValue="transcript" className={styles["tabs"] ?? ""} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="transcript">{words.rail.transcript}</Tabs.Tab>
        <Tabs.Tab value="people">
          {words.rail.people} {present}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="transcript" className={styles["fill"] ?? ""}>
        <LiveTranscript />
      </Tabs.Panel>
      <Tabs.Panel value="people" className={styles["fill"] ?? ""}>
        <People />
      </Tabs.Panel>
    </Tabs>
  );
}
