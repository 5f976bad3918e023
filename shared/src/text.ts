import { z } from "zod";

/**
 * What a person writes, without space around it: any letters, tabs and line breaks. No other control character: none
 * can be seen or typed, and Postgres stores no text with U+0000.
 */
export const Text = z
  .string()
  .regex(/^[\P{Cc}\t\n\r]*$/u, "must not contain control characters")
  .trim();
