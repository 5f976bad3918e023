import type { Act, Emoji, Span } from "@verbatim/shared/marks/act";
import { tagsOf } from "@verbatim/shared/marks/listed";
import type { Annotation, Correction } from "@verbatim/shared/marks/marks";
import { useMarks } from "./marks-context.ts";

/** What can be done to words and to annotations, in words of the page. */
export function useMarkActs() {
  const { store, state, competencies, listed } = useMarks();
  const { act } = store;
  const known = [...new Set([...competencies, ...listed.flatMap(({ annotation }) => tagsOf(annotation))])].slice(0, 20);

  const annotate = (spans: readonly Span[], then: (annotation: string) => readonly Act[] = () => []): string => {
    const annotation = crypto.randomUUID();
    act({ do: "annotate", annotation, spans: spans.slice(0, 40), tags: [], evidence: [] }, ...then(annotation));
    return annotation;
  };
  const of = ({ id }: Pick<Annotation, "id">) => ({
    comment: (text: string): Act => ({ do: "comment", annotation: id, comment: crypto.randomUUID(), text }),
    tag: (tag: string, on = true): Act => ({ do: "tag", annotation: id, tag, on }),
    evidence: (competency: string, level: number | null): Act => ({
      do: "evidence",
      annotation: id,
      competency,
      level,
    }),
    react: (emoji: Emoji, on = true): Act => ({ do: "react", annotation: id, emoji, on }),
    resolve: (resolved: boolean): Act => ({ do: "resolve", annotation: id, resolved }),
  });
  return {
    act,
    of,
    known,
    annotate,
    remove: (target: string, removed: boolean) => act({ do: "remove", target, removed, seen: state.seq }),
    correct: (span: Span, text: string) => act({ do: "correct", correction: crypto.randomUUID(), span, text }),
    speaker: (segmentId: string, seatId: Extract<Act, { do: "speaker" }>["seatId"]) =>
      act({ do: "speaker", correction: crypto.randomUUID(), segmentId, seatId }),
    undo: ({ id }: Correction, undone = true) => act({ do: "undo", correction: id, undone }),
  };
}
