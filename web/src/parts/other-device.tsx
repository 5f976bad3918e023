import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Entry } from "@verbatim/shared/api/call";
import { continueElsewhere } from "@verbatim/shared/api/handover";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { call } from "../api/call.ts";
import { timeOf } from "../clock/format.ts";
import { useNow } from "../clock/use-now.ts";
import { useWords } from "../words/words.ts";
import { CopyField } from "./copy-field.tsx";
import { Fault } from "./fault.tsx";
import { isLocal } from "./is-local.ts";
import styles from "./other-device.module.css";
import { useCode } from "./use-code.ts";

const loadQr = () => import("./qr-picture.tsx");

/** "Continue on another device": a link to one's own place, once, to be scanned or copied. Nothing is made before the press. */
export function OtherDevice({ entry }: { entry: Entry }) {
  const words = useWords().entrance.otherDevice;
  const { interviewId, role } = entry;
  const link = useMutation({
    mutationFn: async () => {
      const { url, lastsMs } = await call(continueElsewhere, undefined, { params: { interviewId, role } });
      return { url, untilMs: Date.now() + lastsMs };
    },
  });
  if (entry.account) return <ByAccount interviewId={interviewId} />;
  return (
    <section className={styles["place"]} aria-label={words.open}>
      {link.data ? (
        <MadeLink entry={entry} {...link.data} />
      ) : (
        <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
          {words.open}
        </Button>
      )}
      {link.isError && <Fault thrown={link.error} />}
      {link.data && (
        <div className={styles["actions"]}>
          <Button variant="default" loading={link.isPending} onClick={() => link.mutate()}>
            {words.again}
          </Button>
          <Button variant="subtle" onClick={() => link.reset()}>
            {words.hide}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Who has an account signs in there: the interview's own address, which is no secret and does not end. */
function ByAccount({ interviewId }: { interviewId: string }) {
  const words = useWords().entrance.otherDevice;
  const [shown, setShown] = useState(false);
  return (
    <section className={styles["place"]} aria-label={words.open}>
      <Button variant={shown ? "subtle" : "default"} onClick={() => setShown(!shown)}>
        {shown ? words.hide : words.open}
      </Button>
      {shown && (
        <LinkToScan url={new URL(`/interviews/${interviewId}`, window.location.href).href}>{words.account}</LinkToScan>
      )}
    </section>
  );
}

function MadeLink({ entry, url, untilMs }: { entry: Entry; url: string; untilMs: number }) {
  const words = useWords().entrance.otherDevice;
  const now = useNow(5_000);
  if (now > untilMs) return <p role="status">{words.expired}</p>;
  return (
    <LinkToScan url={url}>
      {words.lead(timeOf(untilMs))} {entry.role === "candidate" && words.hostLetsIn} {words.alone}
    </LinkToScan>
  );
}

/** A link as a picture to scan and as text to copy. */
function LinkToScan({ url, children }: { url: string; children: ReactNode }) {
  const words = useWords().entrance.otherDevice;
  const qr = useCode(loadQr);
  const box = useRef<HTMLDivElement>(null);
  // It opens below what is in sight, on a phone.
  useEffect(() => {
    // Newer browsers answer with a promise, which React would take for what undoes the effect.
    box.current?.scrollIntoView({ block: "nearest" });
  }, [url]);
  return (
    <div className={styles["link"]} ref={box}>
      <p role="status">{children}</p>
      <div className={styles["qrPlace"]}>{qr.here && <qr.here.QrPicture text={url} label={words.picture} />}</div>
      <CopyField name={words.link} hint={words.linkHint} value={url} copyName={words.copy} />
      {isLocal(url) && <p>{words.onlyHere}</p>}
    </div>
  );
}
