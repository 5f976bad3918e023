/** The plan of a talk: in the form, and during the call. */
export const plan = {
  label: "Plan for the talk",
  template: "Template",
  templateHint: "Questions and competencies for this interview. It keeps its own copy; the candidate never sees it.",
  none: "No plan",
  own: "Own plan",
  ownName: "Own plan",
  change: "Change questions and competencies",
  questions: "Questions",
  question: (at: number) => `Question ${at}`,
  questionFor: (at: number) => `Question ${at} asks for`,
  noCompetency: "No competency",
  addQuestion: "Add a question",
  removeQuestion: (at: number) => `Remove question ${at}`,
  competencies: "Competencies",
  competency: (at: number) => `Competency ${at}`,
  description: "What it means",
  keyTerms: "Key terms (Enter or a comma ends one)",
  good: "What good looks like",
  addCompetency: "Add a competency",
  removeCompetency: (name: string) => `Remove ${name || "this competency"}`,
  removed: "Removed.",
  replaced: "What you had written was replaced.",
  undo: "Undo",
  facts: {
    label: "Plan",
    of: (name: string, questions: number, competencies: number) =>
      `${name}, ${questions === 1 ? "1 question" : `${questions} questions`}, ${competencies === 1 ? "1 competency" : `${competencies} competencies`}`,
  },
  live: {
    allBy: {
      rules: "From the plan and what was said, without AI.",
      model: "Made by AI from the plan and what was said.",
      both: "From the plan and what was said, some made by AI.",
    },
    /** On each, where both made some. */
    madeBy: { model: "made by AI", rules: "without AI" },
    noPlan: "No suggestions yet. They come from a plan; this interview has none.",
    none: "No suggestions yet.",
    asked: "Asked",
    pin: "Pin",
    unpin: "Unpin",
    dismiss: "Dismiss",
    markName: (what: string, text: string) => `${what}: ${text}`,
    pinnedBy: (name: string) => `Pinned by ${name}`,
    show: (text: string) => `“${text}”`,
    playName: (text: string) => `Show and play: ${text}`,
    marked: { asked: "Marked as asked.", dismissed: "Dismissed." },
    undo: "Undo",
    failed: "That was not stored. Please try again.",
    questions: (asked: number, all: number) => `Questions: ${asked} of ${all} asked`,
    left: (minutes: number, questions: number, all: number, each: number) =>
      minutes <= 0
        ? "The planned time is over."
        : questions < all
          ? `${minutes} min left, enough for about ${questions} of ${all} questions`
          : `${minutes} min left, about ${each} for each question`,
    tickedBy: (name: string) => `ticked by ${name}`,
    heard: "heard",
    competencies: (touched: number, all: number) => `Competencies: ${touched} of ${all} touched`,
    terms: (heard: readonly string[], all: number) =>
      heard.length === 0 ? `none of ${all} key terms heard` : `heard: ${heard.join(", ")}`,
    good: (text: string) => `What good looks like: ${text}`,
  },
} as const;
