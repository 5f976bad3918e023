import { type DestinationStream, pino, type Logger, type SerializedError } from "pino";

export type Log = {
  debug(event: string, fields?: object): void;
  info(event: string, fields?: object): void;
  warn(event: string, fields?: object): void;
  error(event: string, fields?: object): void;
  /** A log whose every line carries these fields: `interviewId`, `requestId`, `runId`. */
  with(fields: object): Log;
};

/** JSON lines on stdout, or where a test reads them. The first argument is a constant; names, tokens and spoken words never go in. */
export function createLog(process: string, level = "info", out: DestinationStream = pino.destination(1)): Log {
  const err = pino.stdSerializers.wrapErrorSerializer(withoutRows);
  return wrap(pino({ base: { process }, level, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err } }, out));
}

/** Where Postgres repeats the row it refused, and the statement: people's names and words. */
const REPEATS_ROWS = ["detail", "where", "internalQuery"];

function withoutRows(error: SerializedError): SerializedError {
  for (const field of REPEATS_ROWS) delete error[field];
  const several: readonly SerializedError[] = error["aggregateErrors"] ?? [];
  several.forEach(withoutRows);
  return error;
}

function wrap(logger: Logger): Log {
  return {
    debug: (event, fields) => logger.debug(withError(fields), event),
    info: (event, fields) => logger.info(withError(fields), event),
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
