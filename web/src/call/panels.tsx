import { speaks } from "@verbatim/shared/ids";
import { DeviceSelects } from "../parts/device-selects.tsx";
import { OtherDevice } from "../parts/other-device.tsx";
import { SpeakerTest } from "../parts/speaker-test.tsx";
import { useWords } from "../words/words.ts";
import { useCallView } from "./call-view.ts";
import { Panel } from "./panel.tsx";
import { Shortcuts } from "./shortcuts.tsx";

/** Which of them is open. */
export type OpenPanel = "devices" | "shortcuts" | undefined;

/** Devices and shortcuts. Who only listens has a speaker, and nothing else to choose. */
export function Panels({ open, onClose }: { open: OpenPanel; onClose: () => void }) {
  const { call: words } = useWords();
  const { call, entry } = useCallView();
  if (open === "devices") {
    return (
      <Panel title={words.controls.devices} close={words.deviceMenu.close} onClose={onClose}>
        {speaks(entry.role) ? <DeviceSelects local={call.local} /> : <SpeakerTest local={call.local} />}
        <OtherDevice entry={entry} />
      </Panel>
    );
  }
  if (open === "shortcuts") {
    return (
      <Panel title={words.shortcuts.title} close={words.shortcuts.close} onClose={onClose}>
        <Shortcuts />
      </Panel>
    );
  }
  return null;
}
