import { pino, type Logger } from "pino";

export type Log = {
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
  /** A log whose every line carries these fields: `interviewId`, `requestId`, `runId`. */
  with(fields: object): Log;
};

/** JSON lines on stdout. The first argument is a constant; names, tokens and spoken words never go in. */
export function createLog(process: string, level = "info"): Log {
  return wrap(pino({ base: { process }, level, timestamp: pino.stdTimeFunctions.isoTime }));
}

function wrap(logger: Logger): Log {
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(withError(fields), event),
    error: (event, fields) => logger.error(withError(fields), event),
    with: (fields) => wrap(logger.child(fields)),
  };
}

/** pino serialises an Error under `err` only; ours stand under `cause`, and keep their own cause. */
function withError(fields: object | undefined): object {
  if (!fields || !("cause" in fields) || !(fields.cause instanceof Error)) return fields ?? {};
  const { cause, ...rest } = fields;
  return { ...rest, err: cause };
}
