import type { PgBoss } from "pg-boss";
import {
  ASSEMBLE_QUEUE,
  ASSEMBLE_QUEUE_OPTIONS,
  DEAD_QUEUE,
  PREPARE_QUEUE,
  PREPARE_QUEUE_OPTIONS,
} from "@verbatim/shared/recording/manifest";

/** Makes the queues that this version needs; repeating it changes nothing. */
export async function makeQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(DEAD_QUEUE);
  await boss.createQueue(ASSEMBLE_QUEUE, ASSEMBLE_QUEUE_OPTIONS);
  await boss.createQueue(PREPARE_QUEUE, PREPARE_QUEUE_OPTIONS);
}
