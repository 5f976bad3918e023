import { Button, Drawer, SegmentedControl, Skeleton, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { InterviewSummary } from "@verbatim/shared/api/interviews";
import { IconPlus } from "@tabler/icons-react";
import type { z } from "zod";
import { Link, useSearchParams } from "react-router";
import { interviewsQuery } from "../api/queries.ts";
import { dayAndTime, fullDate, placeOf } from "../clock/format.ts";
import { useNow } from "../clock/use-now.ts";
import { Fault } from "../parts/fault.tsx";
import { SignedIn } from "../parts/signed-in.tsx";
import { StateBadge } from "../parts/state-badge.tsx";
import { useWords } from "../words/words.ts";
import { groupInterviews } from "./group-interviews.ts";
import styles from "./interviews-page.module.css";
import { NewInterview } from "./new-interview.tsx";

type Summary = z.infer<typeof InterviewSummary>;

export function Component() {
  return (
    <SignedIn>
      <Interviews />
    </SignedIn>
  );
}

function Interviews() {
  const { desk } = useWords();
  const [search, setSearch] = useSearchParams();
  const list = useQuery(interviewsQuery);
  const now = useNow(30_000);
  const show = search.get("show") ?? "all";
  const set = (key: string, value: string | null): void =>
    setSearch((before) => {
      if (value === null) before.delete(key);
      else before.set(key, value);
      return before;
    });
  const groups = groupInterviews(list.data?.interviews ?? [], now).filter(
    ({ name }) => show === "all" || (show === "before") === (name === "before"),
  );
  const filled = groups.filter(({ interviews }) => interviews.length > 0);

  return (
    <>
      <div className={styles["top"]}>
        <Title order={1}>{desk.list.title}</Title>
        <Button leftSection={<IconPlus size={18} />} onClick={() => set("new", "1")}>
          {desk.list.create}
        </Button>
      </div>
      <SegmentedControl
        className={styles["filter"] ?? ""}
        aria-label={desk.list.filter.label}
        value={show}
        onChange={(value) => set("show", value === "all" ? null : value)}
        data={[
          { value: "all", label: desk.list.filter.all },
          { value: "next", label: desk.list.filter.next },
          { value: "before", label: desk.list.filter.before },
        ]}
      />
      {list.isPending && [0, 1, 2].map((key) => <Skeleton key={key} height={76} mb={8} radius={10} />)}
      {list.isError && <Fault thrown={list.error} again={() => void list.refetch()} />}
      {list.data && filled.length === 0 && (
        <Text className={styles["empty"] ?? ""}>
          {list.data.interviews.length === 0 ? desk.list.empty : desk.list.emptyFilter}
        </Text>
      )}
      {filled.map(({ name, interviews }) => (
        <section key={name} aria-label={desk.list.groups[name]}>
          <h2 className={styles["group"]}>{desk.list.groups[name]}</h2>
          <ul className={styles["list"]}>
            {interviews.map((interview) => (
              <Line key={interview.id} interview={interview} nowMs={now} />
            ))}
          </ul>
        </section>
      ))}
      <Drawer
        opened={search.has("new")}
        onClose={() => set("new", null)}
        position="right"
        size={480}
        title={desk.create.title}
        closeButtonProps={{ "aria-label": desk.create.cancel, size: 44 }}
        transitionProps={{ duration: 120 }}
      >
        <NewInterview onClose={() => set("new", null)} />
      </Drawer>
    </>
  );
}

function Line({ interview, nowMs }: { interview: Summary; nowMs: number }) {
  const { desk } = useWords();
  const { id, title, candidateName, startsAt, zone, durationMinutes, state, present } = interview;
  const reviewable = state === "ready" || state === "making" || state === "failed";
  return (
    <li className={styles["line"]} data-cancelled={state === "cancelled"}>
      <time className={styles["when"]} dateTime={startsAt} title={fullDate(startsAt, zone)}>
        {dayAndTime(startsAt, zone, nowMs)}
        <small>
          {placeOf(zone)} · {desk.list.minutes(durationMinutes)}
        </small>
      </time>
      <div className={styles["what"]}>
        <Link className={styles["title"]} to={`/interviews/${id}`} aria-label={desk.list.open(title, candidateName)}>
          {title}
        </Link>
        <span>{candidateName}</span>
      </div>
      <div>
        <StateBadge state={state} />
        {present > 0 && <small>{desk.list.present(present)}</small>}
      </div>
      <Button
        component={Link}
        to={`/interviews/${id}`}
        variant={reviewable ? "filled" : "default"}
        tabIndex={-1}
        aria-hidden
      >
        {reviewable ? desk.list.review : desk.list.details}
      </Button>
    </li>
  );
}
