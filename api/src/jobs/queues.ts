import type { PgBoss } from "pg-boss";
import { ASSEMBLE_QUEUE, PREPARE_QUEUE, PREPARE_QUEUE_OPTIONS } from "@verbatim/shared/recording/manifest";

/** Where jobs land that failed for good; somebody must look at them. */
export const DEAD_QUEUE = "dead";

/** Makes the queues that this version needs; repeating it changes nothing. */
export async function makeQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(DEAD_QUEUE);
  // An assembly's effect has a key of its own (recording and revision), so a repeated job is harmless and
  // nothing here has to exclude. A worker that died is noticed by its heartbeat, not after an hour.
  await boss.createQueue(ASSEMBLE_QUEUE, {
    notify: true,
    retryLimit: 5,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    expireInSeconds: 3600,
    heartbeatSeconds: 30,
    deadLetter: DEAD_QUEUE,
  });
  await boss.createQueue(PREPARE_QUEUE, PREPARE_QUEUE_OPTIONS);
}
