import { createContext } from "react";
import type { Replay } from "./create-replay.ts";

/** One for the whole call, whatever of its page is open. */
export const ReplayContext = createContext<Replay | undefined>(undefined);
