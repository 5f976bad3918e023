import { Button, Skeleton, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type Interview, joinByAccount } from "@verbatim/shared/api/interviews";
import { IconEye, IconVideo } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { call } from "../api/call.ts";
import { interviewQuery } from "../api/queries.ts";
import { fullDate, placeOf } from "../clock/format.ts";
import { type InterviewNow, RecordingNow } from "./recording-now.tsx";
import { Fault, FaultText } from "../parts/fault.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { useCode } from "../parts/use-code.ts";
import { WithCode } from "../parts/with-code.tsx";
import { useWords } from "../words/words.ts";
import styles from "./interview-page.module.css";
import { CancelledBar } from "./cancelled-bar.tsx";
import { InterviewLinks } from "./interview-links.tsx";
import { NoticeCard } from "./notice-card.tsx";
import { PlanCard } from "./plan-card.tsx";

const loadReview = () => import("../review/review-section.tsx");

export function Component() {
  return (
    <SignedIn>
      <OneInterview />
    </SignedIn>
  );
}

function OneInterview() {
  const { failures } = useWords();
  const { interviewId = "" } = useParams();
  const interview = useQuery(interviewQuery(interviewId));
  if (interview.isPending) return <Skeleton height={420} radius={10} />;
  // A list that cannot be refreshed for a moment is better than none.
  if (!interview.data) {
    return interview.isError ? (
      <Fault thrown={interview.error} again={() => void interview.refetch()} />
    ) : (
      <FaultText remedy={failures.codes.not_found} />
    );
  }
  // A try that failed once is tried again within a second; the lamp alone must not wait for that.
  const cutOffAtMs = interview.failureCount > 0 ? interview.dataUpdatedAt : null;
  return (
    <>
      {interview.isError && <Fault thrown={interview.error} again={() => void interview.refetch()} />}
      <Known interview={interview.data} cutOffAtMs={cutOffAtMs} />
    </>
  );
}

/** Before: facts, links, the ways in. During: what goes on, and the same ways in. After: the recording. */
function Known({ interview, cutOffAtMs }: { interview: InterviewNow; cutOffAtMs: number | null }) {
  const { desk } = useWords();
  const { state, recording, open } = interview;
  // What was pressed here is gone after it worked: the focus goes to the button that takes it back.
  const [hand, setHand] = useState<"cancel" | "undo">();
  const kept = recording.startedAtMs !== null || ["making", "ready", "failed", "ended"].includes(state);
  const review = useCode(kept ? loadReview : undefined);
  return (
    <>
      <Link className={styles["back"]} to="/">
        {desk.back}
      </Link>
      <div className={styles["head"]}>
        <div>
          <Title order={1}>
            {interview.title}, {interview.candidateName}
          </Title>
          <p className={styles["sub"]}>
            <StateBadge state={state} />
            <span>
              {fullDate(interview.startsAt, interview.zone)} ({placeOf(interview.zone)})
            </span>
            {interview.present > 0 && <span>{desk.list.present(interview.present)}</span>}
          </p>
        </div>
        <WaysIn interview={interview} main={open} />
      </div>
      {state === "cancelled" && (
        <CancelledBar interview={interview} focused={hand === "cancel"} onUndo={() => setHand("undo")} />
      )}
      {open && recording.lamp !== "off" && <RecordingNow interview={interview} cutOffAtMs={cutOffAtMs} />}
      {kept && (
        <WithCode code={review} waiting={<Skeleton height={420} radius={10} />}>
          {({ ReviewSection }) => <ReviewSection interviewId={interview.id} state={state} />}
        </WithCode>
      )}
      <div className={styles["columns"]}>
        <div className={styles["column"]}>
          <PlanCard interview={interview} restored={hand === "undo"} onCancel={() => setHand("cancel")} />
          <NoticeCard interview={interview} />
        </div>
        {open && (
          <section className={styles["card"]} aria-label={desk.links.title}>
            <h2>{desk.links.title}</h2>
            <InterviewLinks interview={interview} />
          </section>
        )}
      </div>
    </>
  );
}

function WaysIn({ interview, main }: { interview: Interview; main: boolean }) {
  const { desk } = useWords();
  const navigate = useNavigate();
  const join = useMutation({
    mutationFn: (role: "interviewer" | "observer") =>
      call(joinByAccount, role === "interviewer" ? { role, accepts: interview.notice.version } : { role }, {
        params: { interviewId: interview.id },
      }),
    onSuccess: (_reply, role) => navigate(`/call/${interview.id}/${role}`),
  });
  if (!main) return null;
  const pending = (role: string): boolean => join.isPending && join.variables === role;
  return (
    <div className={styles["ways"]}>
      <Button
        leftSection={<IconVideo size={18} />}
        loading={pending("interviewer")}
        onClick={() => join.mutate("interviewer")}
      >
        {desk.interview.join}
      </Button>
      <Button
        variant="default"
        leftSection={<IconEye size={18} />}
        loading={pending("observer")}
        onClick={() => join.mutate("observer")}
      >
        {desk.interview.observe}
      </Button>
      <p className={styles["agree"]}>{desk.notice.byJoining}</p>
      {join.isError && <Fault thrown={join.error} />}
    </div>
  );
}
