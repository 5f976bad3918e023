import { createContext, useContext } from "react";
import { call } from "./en/call.ts";
import { cameraBar } from "./en/camera.ts";
import { chat } from "./en/chat.ts";
import { desk } from "./en/desk.ts";
import { entrance } from "./en/entrance.ts";
import { failures, requestNumber } from "./en/failures.ts";
import { marks } from "./en/marks.ts";
import { notes } from "./en/notes.ts";
import { plan } from "./en/plan.ts";
import { planning } from "./en/planning.ts";
import { replay } from "./en/replay.ts";
import { review } from "./en/review.ts";
import { search } from "./en/search.ts";
import { status } from "./en/status.ts";

/** Every text of the app. Another language is another object of this shape. */
export const english = {
  desk,
  entrance,
  call,
  cameraBar,
  chat,
  marks,
  notes,
  plan,
  planning,
  replay,
  review,
  search,
  status,
  failures,
  requestNumber,
};
export type Words = typeof english;

export const WordsContext = createContext<Words>(english);
export const useWords = (): Words => useContext(WordsContext);
