import type { Entry } from "@verbatim/shared/api/call";

/** Whose annotations of which interview: an account's are the same in the call and on the interview's page. */
export const marksPlace = ({ interviewId, seatId, person = `seat:${seatId}` }: Entry): string =>
  `${interviewId}:${person}`;

/** What the keys begin with under which this device keeps annotations until they are stored. */
export const keptUnder = (place: string): string => `marks:${place}:`;

/** This device keeps annotations of this person that are not stored. */
export const keepsMarks = (entry: Entry): boolean =>
  entry.role !== "candidate" && Object.keys(localStorage).some((key) => key.startsWith(keptUnder(marksPlace(entry))));
